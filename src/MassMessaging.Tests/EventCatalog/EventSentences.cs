namespace MassMessaging.Tests.EventCatalog;

/// <summary>What each event says happened, for people. A new event needs a sentence here.</summary>
internal static class EventSentences
{
    public static IReadOnlyDictionary<string, string> Streams { get; } = new Dictionary<string, string>
    {
        ["campaign"] = "One stream per campaign; its id is the campaign's. What a person did with it, and what sending made of it.",
        ["audience_member"] = "One stream per recipient of a campaign; its id follows from campaign and client. What became of one message.",
    };

    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["campaign_drafted"] = "A campaign was made, as a draft. Name, objective, message and audience are beside the log, under `contentId`.",
        ["campaign_edited"] = "A draft or scheduled campaign says something else, or goes to others: a new version of its content.",
        ["campaign_scheduled"] = "It is to start by itself; again with another time moves the start.",
        ["campaign_unscheduled"] = "Its start was taken away: it is a draft again.",
        ["campaign_launched"] = "It was sent, by a person or at its time. With it, message, advisor and business are frozen beside the log.",
        ["audience_planned"] = "The last chunk of the audience is planned: every recipient has a stream, and who was left out is noted.",
        ["campaign_paused"] = "A person paused it, or the gateway said what only a person can mend.",
        ["campaign_resumed"] = "A person let it go on.",
        ["campaign_retried"] = "A person has those tried again who failed for a reason worth it: it is sending again.",
        ["retry_planned"] = "The last chunk of a retry is queued.",
        ["campaign_cancelled"] = "A person ended it; recipients who were not attempted are skipped.",
        ["campaign_completed"] = "Everybody is settled. `sent` if anyone was sent to or may have been, else `failed`.",
        ["campaign_deleted"] = "A draft was deleted; its content is gone, this stream stays.",
        ["message_queued"] = "Somebody is in the audience. Name and phone are frozen beside the log, in `campaign_recipient`.",
        ["message_attempted"] = "A permit was granted and is about to be used: committed before the gateway is called.",
        ["message_released"] = "Attempted, and surely not sent: the recipient waits again.",
        ["message_in_doubt"] = "Attempted, and whether it was sent cannot be known: it is never sent again by itself.",
        ["message_sent"] = "The gateway accepted it.",
        ["message_delivered"] = "A receipt says that it reached the person's phone.",
        ["message_read"] = "A receipt says that it was read. Without a receipt of delivery before it, it was delivered too.",
        ["message_replied"] = "The person answered. Texts lie beside the log.",
        ["message_requeued"] = "A person had it tried again: the recipient waits for a new attempt, and of the earlier one nothing counts any more.",
        ["doubt_resolved"] = "A person said what became of a message in doubt: the next event of the stream says what follows. The note lies beside the log.",
        ["message_failed"] = "The gateway refused it for good, or a receipt says that it failed.",
        ["message_skipped"] = "Left out after the launch.",
    };

    /// <summary>Of fields whose record says nothing about them.</summary>
    public static IReadOnlyDictionary<string, string> Fields { get; } = new Dictionary<string, string>
    {
        ["campaignId"] = "The campaign's stream.",
        ["clientId"] = "The client, in table `client`.",
        ["contentId"] = "Version of the content, in table `campaign_content`.",
        ["templateId"] = "The template that the message was taken from.",
        ["scheduledAt"] = "When it is to start.",
        ["included"] = "Recipients.",
        ["excluded"] = "Left out, with their reasons in table `campaign_excluded`.",
        ["reason"] = "A stable code.",
        ["sentAt"] = "When the gateway's answer came.",
        ["deliveredAt"] = "When the receipt came.",
        ["readAt"] = "When the receipt came.",
        ["failedAt"] = "When the answer or the receipt came.",
        ["repliedAt"] = "When the reply came.",
        ["variant"] = "Of a campaign with variants: which one, `A` to `E`; else it is missing.",
        ["label"] = "The client's label when the launch planned the message. Missing in events from before it was kept.",
        ["slotAt"] = "The slot of the attempt that this is about: figures count it there. Missing in events from before it was kept.",
        ["failedFor"] = "The reason of the failure that this ends; missing where it ends none.",
        ["was"] = "Where the recipient stood before, so that counters are sums.",
    };
}
