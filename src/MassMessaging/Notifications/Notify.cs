namespace MassMessaging.Notifications;

/// <summary>How features tell the advisor something, in the session of what happened: told if and only if it did.</summary>
public static class Notify
{
    private const string Insert = """
        insert into notification (profile_id, id, code, campaign_id, text, at, once)
        values (@profile, @id, @code, @campaign, @text, @now, @once)
        on conflict (profile_id, once) where once is not null do nothing
        """;

    /// <param name="session">Of the cause.</param>
    /// <param name="profile">Who is told.</param>
    /// <param name="code">One of <see cref="NotificationCodes"/>.</param>
    /// <param name="campaignId">The campaign that it is about, if it is about one.</param>
    /// <param name="text">Spanish, for the advisor; never a client's personal data: it leaves the service by webhook.</param>
    /// <param name="once">A key under which the same thing is told once per profile; null tells each time.</param>
    /// <returns>False: the same thing was told before.</returns>
    public static async Task<bool> Tell(
        ISession session, Guid profile, string code, Guid? campaignId, string text, CancellationToken ct, string? once = null)
    {
        var id = Guid.CreateVersion7(session.Now);
        var added = await session.Sql(
            Insert, ct, ("profile", profile), ("id", id), ("code", NotificationCodes.Known(code)), ("campaign", campaignId), ("text", text),
            ("now", session.Now), ("once", once));
        if (added > 0) session.Send(new NotificationTold(profile, id), id.ToString());
        return added > 0;
    }
}

/// <summary>Every kind of notification. The frontend and the advisor's own systems tell them apart by these: never renamed.</summary>
public static class NotificationCodes
{
    public const string LaneHeld = "lane-held";
    public const string LaneGoesOn = "lane-goes-on";
    public const string InstanceClosed = "instance-closed";
    public const string CampaignPaused = "campaign-paused";
    public const string CampaignFailed = "campaign-failed";
    public const string CampaignInDoubt = "campaign-in-doubt";
    public const string CampaignSent = "campaign-sent";
    public const string StartMissed = "start-missed";
    public const string CanaryFailed = "canary-failed";
    public const string AccountRestricted = "account-restricted";
    public const string AccountWarning = "account-warning";
    public const string TemplateStopped = "template-stopped";

    public static IReadOnlyList<string> All { get; } =
    [
        LaneHeld, LaneGoesOn, InstanceClosed, CampaignPaused, CampaignFailed, CampaignInDoubt, CampaignSent, StartMissed, CanaryFailed,
        AccountRestricted, AccountWarning, TemplateStopped,
    ];

    public static string Known(string code) =>
        All.Contains(code, StringComparer.Ordinal) ? code : throw new ArgumentException($"{code} is not a notification's code.", nameof(code));
}
