using System.Diagnostics.Metrics;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary>
/// What monitoring watches as it happens: counted when it is written, so a commit that has to be repeated may count twice. Exact are the
/// analytics, which follow the log.
/// </summary>
internal static class CampaignMeter
{
    private static readonly Meter Meter = new("MassMessaging.Campaigns");

    /// <summary>By <c>profile</c> and <c>campaign</c>.</summary>
    private static readonly Counter<long> Sent =
        Meter.CreateCounter<long>("massmessaging.messages.sent", "{message}", "Messages that a gateway took.");

    /// <summary>By <c>profile</c> and <c>campaign</c>: of those sent, the delivery rate of an advisor.</summary>
    private static readonly Counter<long> Delivered =
        Meter.CreateCounter<long>("massmessaging.messages.delivered", "{message}", "Messages that reached their phone, each counted once.");

    /// <summary>From a message's slot to the gateway's yes, by <c>profile</c>.</summary>
    private static readonly Histogram<double> SendDuration =
        Meter.Seconds("massmessaging.message.send.duration", "From a message's slot to the gateway's yes.");

    /// <summary>Campaigns that came to their end, by <c>profile</c> and <c>status</c>: sent or failed.</summary>
    private static readonly Counter<long> Completion =
        Meter.CreateCounter<long>("massmessaging.campaign.completion", "{campaign}", "Campaigns that came to their end.");

    public static void Count(StreamKey stream, object written)
    {
        if (!(Sent.Enabled || Delivered.Enabled || SendDuration.Enabled || Completion.Enabled)) return;

        KeyValuePair<string, object?> profile = new("profile", stream.Profile);
        switch (written)
        {
            case MessageSent sent:
                Sent.Add(1, profile, new("campaign", sent.CampaignId));
                if (sent is { Was: MemberStatus.Sending, SlotAt: { } slot }) SendDuration.Record(Math.Max(0, (sent.SentAt - slot).TotalSeconds), profile);
                break;
            case MessageDelivered delivered:
                Delivered.Add(1, profile, new("campaign", delivered.CampaignId));
                break;
            case MessageRead { Was: not MemberStatus.Delivered } read:
                Delivered.Add(1, profile, new("campaign", read.CampaignId));
                break;
            case CampaignCompleted completed:
                Completion.Add(1, profile, new("status", completed.Status.Word()));
                break;
            default:
                break;
        }
    }
}
