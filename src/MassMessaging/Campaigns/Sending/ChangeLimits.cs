using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// What a changed policy does not hold any more goes on at the lane's next tick, which holds it again if the new one says so.
/// </summary>
public sealed class ChangeLimits : IPacingSubscriber
{
    private const string Lift = """
        update lane set held_by = null, held_until = null where profile_id = @profile and held_by in ('daily-cap', 'warm-up')
        """;

    private const string Close = """
        update lane set breaker_good = 0, breaker_bad = 0, breaker_until = null, breaker_probe_at = null,
            held_until = case when held_by = 'breaker' then null else held_until end, held_by = nullif(held_by, 'breaker')
        where profile_id = @profile
        """;

    private const string Release = "update campaign_canary set passed_at = @now where profile_id = @profile and passed_at is null";

    /// <summary>The day's limit is worked out anew.</summary>
    public static Task LiftDay(ISession session, Guid profile, CancellationToken ct) => session.Sql(Lift, ct, ("profile", profile));

    public async Task Changed(Guid profile, Pacing was, Pacing pacing, ISession session, CancellationToken ct)
    {
        if ((was.DailyCap, was.WarmUp) != (pacing.DailyCap, pacing.WarmUp)) await LiftDay(session, profile, ct);
        if (was.Breaker != pacing.Breaker) await session.Sql(Close, ct, ("profile", profile));
        if (was.Canary is not null && pacing.Canary is null) await session.Sql(Release, ct, ("profile", profile), ("now", session.Now));
    }
}
