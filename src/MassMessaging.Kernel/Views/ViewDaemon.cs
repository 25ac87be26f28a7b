using MassMessaging.Kernel.Messages;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MassMessaging.Kernel;

/// <summary>
/// Keeps the async views up to date: one loop finds out how far the log is safe, and one loop a view follows it. Every node runs it; a view
/// is worked by whichever node takes its lock first.
/// </summary>
internal sealed class ViewDaemon(Views views, WakeUp wakeUp, BulkWork bulk, KernelOptions options, ILogger<ViewDaemon> log) : BackgroundService
{
    // Patience on the machine's clock, not business time.
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WritersAtWork = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan OtherNodeAtWork = TimeSpan.FromMilliseconds(25);

    // Events that change the same rows share what that costs: where much is written, views take it in larger portions.
    private static readonly TimeSpan RestPerEvent = TimeSpan.FromMicroseconds(250);
    private static readonly TimeSpan MostRest = TimeSpan.FromMilliseconds(250);

    // A page every so often, the same one for all views, while a launch has need of the processors: they follow from afar, and catch up
    // behind it.
    private static readonly TimeSpan BesideBulk = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<AsyncView, WakeSignal> followers = views.Async.ToDictionary(view => view, _ => new WakeSignal());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (views.Async.Count == 0) return;

        await Surviving("start", async () =>
        {
            await views.Start(stoppingToken);
            await views.RetryAll(stoppingToken);
        }, stoppingToken);
        await Task.WhenAll(views.Async.Select(view => Follow(view, stoppingToken)).Prepend(Watch(stoppingToken)));
    }

    private async Task Watch(CancellationToken ct)
    {
        using var signal = wakeUp.Subscribe(WakeUp.Events);
        while (!ct.IsCancellationRequested)
        {
            await Surviving("all", async () =>
            {
                var before = views.Safe.Value;
                var isAllSafe = await views.Safe.Look(ct);
                var moved = views.Safe.Value - before;
                if (moved > 0)
                {
                    foreach (var follower in followers.Values) follower.Raise();
                    await Task.Delay(Rest(moved), ct);
                }

                if (isAllSafe) await signal.Wait(options.Poll, ct);
                else await Task.Delay(bulk.IsUnderWay ? BesideBulk : WritersAtWork, ct);
            }, ct);
        }
    }

    private static TimeSpan Rest(long events) => events < MostRest / RestPerEvent ? RestPerEvent * events : MostRest;

    private async Task Follow(AsyncView view, CancellationToken ct)
    {
        var signal = followers[view];
        while (!ct.IsCancellationRequested)
        {
            await Surviving(view.Type.Name, async () =>
            {
                var step = await view.Step(views.Safe.Value, ct);
                if (step is ViewStep.Idle or ViewStep.Stopped) await signal.Wait(options.Poll, ct);
                if (step == ViewStep.Moved && bulk.IsUnderWay) await signal.Wait(BesideBulk, ct);
                if (step == ViewStep.Elsewhere) await Task.Delay(OtherNodeAtWork, ct);
            }, ct);
        }
    }

    // The database may be away for a while, and a bug in one view must not end the others.
    private async Task Surviving(string what, Func<Task> work, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await work();
                return;
            }
            catch (Exception) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                log.LogWarning("View {View} is interrupted ({Error}) and goes on by itself", what, failure.Message);
                await Task.Delay(Again, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
