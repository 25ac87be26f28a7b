using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Doubts;

/// <param name="AskFor">
/// How long after its attempt the gateway is asked about a message in doubt (<c>IN_DOUBT_ASK_HOURS</c>); zero never.
/// </param>
public sealed record DoubtOptions(TimeSpan AskFor)
{
    public static DoubtOptions From(IConfiguration configuration) =>
        new(TimeSpan.FromHours(configuration.GetValue("IN_DOUBT_ASK_HOURS", 24.0)));
}

/// <summary>Runs <see cref="ReconcileDoubts"/> every five seconds.</summary>
public sealed class DoubtReconciler(ReconcileDoubts doubts, DoubtOptions options, ILogger<DoubtReconciler> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.AskFor <= TimeSpan.Zero) return;

        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await doubts.RunOnce(stoppingToken);
            }
            catch (Exception error) when (!error.IsStop(stoppingToken))
            {
                log.LogWarning(error, "Messages in doubt could not be looked up");
            }
        }
    }
}
