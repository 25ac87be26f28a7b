using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MassMessaging.Kernel;

/// <summary>
/// Work in rounds, the first one at the start unless <paramref name="atStart"/> says otherwise. A round that fails, or runs into a time
/// limit, is logged and left to the next one: only a stop ends the service.
/// </summary>
/// <param name="every">From the start of one round to the next; a round that takes longer leaves out those that it covers.</param>
/// <param name="failure">For the log: what could not be done.</param>
/// <param name="clock">Null: this machine's.</param>
public abstract class PeriodicService(TimeSpan every, string failure, ILogger log, TimeProvider? clock = null, bool atStart = true) : BackgroundService
{
    protected ILogger Log => log;

    protected abstract Task Round(CancellationToken ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = clock is null ? new PeriodicTimer(every) : new PeriodicTimer(every, clock);
        if (!atStart && !await timer.WaitForNextTickAsync(stoppingToken)) return;

        var isFailing = false;
        do
        {
            try
            {
                await Round(stoppingToken);
                isFailing = false;
            }
            catch (Exception error) when (!error.IsStop(stoppingToken))
            {
                // In full the first time: with the database away each round fails alike.
                log.LogWarning(isFailing ? null : error, "{Failure} ({Error}); it is tried again", failure, error.GetType().Name);
                isFailing = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
