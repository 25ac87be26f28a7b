using MassMessaging.Kernel;
using MassMessaging.Kernel.Messages;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// Ticks the lanes: when one falls due, when a call has ended, when a campaign may have begun or gone on, and at the latest every poll.
/// </summary>
public sealed class LaneTicker(
    TickLanes tick, GatewayCalls calls, LaneHolds holds, WakeUp wakeUp, SendingOptions options, TimeProvider clock, ILogger<LaneTicker> log)
    : BackgroundService
{
    /// <summary>Calls under way are waited for this long at a stop; what is unanswered then goes in doubt.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(500);
    private readonly Dictionary<Guid, DateTimeOffset> upcoming = [];
    private IReadOnlySet<Guid> slow = new HashSet<Guid>();

    /// <summary>Keeps its own limit: with the host's time used up by others, calls under way would be cut off.</summary>
    public override Task StopAsync(CancellationToken cancellationToken) => base.StopAsync(CancellationToken.None);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var signal = wakeUp.Subscribe(CampaignsFeature.LaunchQueue, CampaignsFeature.SettleQueue);
        void OnEnded(object? sender, EventArgs e) => signal.Raise();
        calls.Ended += OnEnded;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                await signal.Wait(await RunOnce(stoppingToken), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
        finally
        {
            calls.Ended -= OnEnded;
        }

        await Task.WhenAll(tick.Leave(CancellationToken.None), calls.Quiet())
            .WaitAsync(DrainLimit, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Answers how long nothing can fall due.</summary>
    private async Task<TimeSpan> RunOnce(CancellationToken ct)
    {
        try
        {
            foreach (var (profile, nextAt) in await tick.RunOnce(ct)) upcoming[profile] = nextAt;
            var nowSlow = calls.SlowLanes();
            if (!nowSlow.IsSubsetOf(slow)) await holds.Slow(nowSlow, ct);
            slow = nowSlow;
        }
        catch (ConcurrencyException)
        {
            return Shortest; // A member changed under the tick: pick again.
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            log.LogWarning(error, "The lanes could not be ticked");
            return AfterFailure;
        }

        // Marked a little before the slot, so that the commit is done when it starts.
        var now = clock.GetUtcNow();
        var next = Poll;
        foreach (var (profile, nextAt) in upcoming.ToList())
        {
            var wait = nextAt - (options.Ahead / 2) - now;
            if (wait <= TimeSpan.Zero) upcoming.Remove(profile);
            else if (wait < next) next = wait;
        }

        return next < Shortest ? Shortest : next;
    }
}
