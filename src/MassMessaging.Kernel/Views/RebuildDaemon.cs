using MassMessaging.Kernel.Messages;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MassMessaging.Kernel;

/// <summary>Does the rebuilds that were asked for, also those that a dead process left; at the start it asks for the views that changed.</summary>
internal sealed class RebuildDaemon(ViewRebuild rebuild, WakeUp wakeUp, ILogger<RebuildDaemon> log) : BackgroundService
{
    private const int Workers = 2; // A small part does not wait for a whole view.

    // Patience on the machine's clock, not business time.
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Enumerable.Range(0, Workers).Select(worker => Work(asksForChanged: worker == 0, stoppingToken)));

    private async Task Work(bool asksForChanged, CancellationToken ct)
    {
        using var signal = wakeUp.Subscribe(WakeUp.Rebuilds);
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (asksForChanged) await rebuild.RequestChanged(ct);
                asksForChanged = false;
                if (!await rebuild.RunPending(ct)) await signal.Wait(Poll, ct);
            }
            catch (Exception) when (ct.IsCancellationRequested)
            {
                wakeUp.Raise(WakeUp.Rebuilds); // Another node goes on.
                return;
            }
            catch (Exception failure) // The database may be away for a while: what is kept stays kept.
            {
                log.LogWarning("Rebuilds are interrupted ({Error}) and go on by themselves", failure.Message);
                await Task.Delay(Poll, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
