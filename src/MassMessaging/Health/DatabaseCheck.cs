using System.Net.Sockets;
using MassMessaging.Kernel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace MassMessaging.Health;

/// <summary>The database answers, and its tables are those of this version.</summary>
internal sealed class DatabaseCheck(Migrator migrator) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var pending = await migrator.Pending(patience.Token);
            return pending.Count == 0
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"Migrations are pending: {string.Join(", ", pending)}.");
        }
        catch (Exception gone) when (gone is NpgsqlException or SocketException or TimeoutException
            || (gone is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return HealthCheckResult.Unhealthy("The database cannot be reached.");
        }
    }
}
