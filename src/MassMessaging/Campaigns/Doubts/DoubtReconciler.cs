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
public sealed class DoubtReconciler(ReconcileDoubts doubts, DoubtOptions options, ILogger<DoubtReconciler> log)
    : PeriodicService(TimeSpan.FromSeconds(5), "Messages in doubt could not be looked up", log, atStart: false)
{
    protected override Task Round(CancellationToken ct) => options.AskFor > TimeSpan.Zero ? doubts.RunOnce(ct) : Task.CompletedTask;
}
