using MassMessaging.Campaigns.Sending;

namespace MassMessaging.Campaigns;

/// <summary>When a campaign would go out if it were sent now (or, scheduled, at its time).</summary>
/// <param name="PerMinute">The lane's lasting rate, over all its campaigns.</param>
/// <param name="FirstSendAt">Null when nobody is in the audience.</param>
public sealed record SendEstimate(double PerMinute, DateTimeOffset? FirstSendAt, DateTimeOffset? FinishAt)
{
    /// <param name="recipients">Of this campaign.</param>
    /// <param name="before">Messages of the lane's other campaigns that go out before this one's last.</param>
    /// <param name="start">When the lane may grant this campaign its first slot.</param>
    public static SendEstimate Of(LaneRate rate, long recipients, long before, DateTimeOffset start)
    {
        var interval = rate.Spread ? rate.Spacing * (1 + (rate.Jitter / 2)) : rate.Spacing;
        var perMinute = Math.Round(TimeSpan.FromMinutes(1) / interval, 2);
        if (recipients == 0) return new(perMinute, null, null);

        var last = recipients + before - 1;
        var duration = rate.Spread ? interval * last : (rate.Window + rate.Slack) * (last / rate.Messages);
        return new(perMinute, start, start + duration);
    }
}
