using MassMessaging.Kernel;
using MassMessaging.Kernel.Messages;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// Ticks the lanes: when one falls due, when a call has ended, when a campaign may have begun or gone on, and at the latest every poll.
/// </summary>
public sealed class LaneTicker(
    TickLanes tick, GatewayCalls calls, LaneHolds holds, WakeUp wakeUp, Draining draining, SendingOptions options, TimeProvider clock,
    ILogger<LaneTicker> log)
    : BackgroundService
{
    /// <summary>With the database away and nothing under way there is nothing to wait for.</summary>
    private const int MostFailures = 3;

    /// <summary>For the outcomes of the calls that were given up.</summary>
    private static readonly TimeSpan LastOutcomes = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(500);
    private readonly Dictionary<Guid, DateTimeOffset> upcoming = [];
    private IReadOnlySet<Guid> slow = new HashSet<Guid>();

    /// <summary>Keeps its own time: the outcomes of what was given up must still be written.</summary>
    public override Task StopAsync(CancellationToken cancellationToken) => base.StopAsync(CancellationToken.None);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, draining.Begun);
        using var signal = wakeUp.Subscribe(CampaignsFeature.LaunchQueue, CampaignsFeature.SettleQueue);
        void OnEnded(object? sender, EventArgs e) => signal.Raise();
        calls.Ended += OnEnded;
        try
        {
            await Tick(signal, stop.Token);
        }
        finally
        {
            calls.Ended -= OnEnded;
        }

        await HandOver();
    }

    private async Task Tick(WakeSignal signal, CancellationToken ct)
    {
        try
        {
            while (!ct.IsCancellationRequested) await signal.Wait(await RunOnce(ct), ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    /// <summary>Lane by lane, each when its last call has ended: another node goes on with it at once.</summary>
    private async Task HandOver()
    {
        draining.Begin();
        using var ended = wakeUp.Subscribe(); // To no topic: our own raises would keep us awake.
        void OnEnded(object? sender, EventArgs e) => ended.Raise();
        calls.Ended += OnEnded;
        var quiet = calls.Quiet();
        var failures = 0;
        try
        {
            while (!draining.Over.IsCancellationRequested)
            {
                var isLast = quiet.IsCompleted;
                failures = await Left(draining.Over) ? 0 : failures + 1;
                if (isLast && (failures == 0 || failures > MostFailures)) return;

                Task pause = ended.Wait(Poll, CancellationToken.None);
                await (isLast ? pause : Task.WhenAny(quiet, pause));
            }
        }
        finally
        {
            calls.Ended -= OnEnded;
        }

        await calls.GiveUp();
        using var limit = new CancellationTokenSource(LastOutcomes);
        await quiet.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Left(limit.Token);
    }

    private async Task<bool> Left(CancellationToken ct)
    {
        try
        {
            await tick.Leave(ct);
            wakeUp.Raise(CampaignsFeature.LaunchQueue);
            return true;
        }
        catch (Exception error) // When the node has signed off, or counts as dead, its lanes are free as well.
        {
            log.LogWarning("The lanes could not be handed over ({Error})", error.GetType().Name);
            return false;
        }
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
        catch (Exception error) when (!error.IsStop(ct))
        {
            log.LogWarning(error, "The lanes could not be ticked");
            return AfterFailure;
        }

        // Marked a little before the slot, so that the commit is done when it starts.
        // One that may go on already had its share of the tick, unless its calls are as many as it may have: then their end is heard.
        var now = clock.GetUtcNow();
        var next = Poll;
        var busy = calls.BusyLanes().ToHashSet();
        foreach (var (profile, nextAt) in upcoming.ToList())
        {
            var wait = nextAt - (options.Ahead / 2) - now;
            if (wait <= TimeSpan.Zero) upcoming.Remove(profile);
            if (wait < next && !busy.Contains(profile)) next = wait;
        }

        return next < Shortest ? Shortest : next;
    }
}
