using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// A changed rate begins when the windows that the old one filled are over: a lane's ring remembers only what its present rate can reach,
/// so a rate lowered and raised again would else fill one window twice.
/// </summary>
public sealed class ChangeRate : IPacingSubscriber
{
    // next_at is never before the last slot. A lane that has been idle for a window does not wait.
    private const string Wait = """
        update lane set next_at = least(next_at, @now) + @rest, held_by = 'rate-changed', held_until = least(next_at, @now) + @rest
        where profile_id = @profile and ring <> '' and least(next_at, @now) + @rest > greatest(next_at, @now)
        """;

    public Task Changed(Guid profile, Pacing was, Pacing pacing, ISession session, CancellationToken ct)
    {
        if (pacing.HasRateOf(was)) return Task.CompletedTask;
        var longestWindow = TimeSpan.FromSeconds(Math.Max(was.PerSeconds, pacing.PerSeconds));
        return session.Sql(Wait, ct, ("now", session.Now), ("profile", profile), ("rest", longestWindow + LaneRate.MostSlack));
    }
}
