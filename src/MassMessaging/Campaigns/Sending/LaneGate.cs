using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// Closes a lane for a campaign that was paused or cancelled: the epoch voids every permit of this node at once, and the answer waits until
/// none of any node can be used any more, so that nothing is written to the gateway after it.
/// </summary>
public sealed class LaneGate(IStore store, GatewayCalls calls, SendingOptions options, TimeProvider clock)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private const string Bump = "update lane set epoch = epoch + 1 where profile_id = @profile returning epoch";

    // Attempted and not answered, and its permit (or its bytes on the way) not yet older than δ.
    private const string Live = """
        select exists (
            select 1 from campaign_audience a
            left join whatsapp_pacing p on p.profile_id = a.profile_id
            where a.profile_id = @profile and a.campaign_id = @campaign and a.status = 'sending'
              and a.attempted_at + least(make_interval(secs => coalesce(p.per_seconds, @window)) / 20, interval '2 seconds') > @now)
        """;

    /// <summary>In the session of the pause: its lock on the lane waits for a tick in progress, and a later tick sees the pause.</summary>
    public async Task<long> Close(ISession session, Guid profile, CancellationToken ct) =>
        (await session.Query(Bump, row => row.GetInt64(0), ct, ("profile", profile))).SingleOrDefault();

    /// <summary>After the pause has committed.</summary>
    public async Task Silence(StreamKey campaign, long epoch, CancellationToken ct)
    {
        calls.Revoke(campaign.Profile, epoch);
        while (await IsLive(campaign, ct)) await Task.Delay(Look, clock, ct);
    }

    private async Task<bool> IsLive(StreamKey campaign, CancellationToken ct) => (await store.Query(
        Live, row => row.GetBoolean(0), ct, ("profile", campaign.Profile), ("campaign", campaign.Id), ("now", clock.GetUtcNow()),
        ("window", options.Defaults.Window.TotalSeconds)))[0];
}
