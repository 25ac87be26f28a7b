using System.Net.Sockets;
using MassMessaging.Kernel;
using Npgsql;

namespace MassMessaging.Health;

/// <summary>
/// Whether this node can work. One connection of its own, and one look at a time whoever asks: a storm of probes costs no more than a
/// single one, and a pool that is all in use is no outage. Probes are answered in time, also while the database hangs.
/// </summary>
public sealed class Readiness(KernelOptions options, Migrator migrator, IEnumerable<Trouble> troubles, Draining draining, TimeProvider clock)
    : IAsyncDisposable
{
    private const int SecondsOfSilence = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly NpgsqlDataSource database = OneConnection(options);
    private readonly Lock gate = new();
    private Task<HealthAnswer> looking = Task.FromResult(HealthAnswer.Healthy);

    public async Task<HealthAnswer> Now(CancellationToken ct)
    {
        if (draining.Begun.IsCancellationRequested) return HealthAnswer.Unhealthy("The service is stopping.");

        try
        {
            return await Shared().WaitAsync(Patience, ct);
        }
        catch (TimeoutException)
        {
            return HealthAnswer.Unhealthy("The database does not answer.");
        }
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private Task<HealthAnswer> Shared()
    {
        lock (gate)
        {
            if (looking.IsCompleted) looking = Task.Run(Look);
            return looking;
        }
    }

    private async Task<HealthAnswer> Look()
    {
        try
        {
            return await Ask();
        }
        catch (NpgsqlException) // A connection that was kept may have ended with a server that is back by now.
        {
            database.Clear();
        }

        try
        {
            return await Ask();
        }
        catch (Exception gone) when (gone is NpgsqlException or SocketException or TimeoutException)
        {
            return HealthAnswer.Unhealthy("The database cannot be reached.");
        }
    }

    private async Task<HealthAnswer> Ask()
    {
        await using var connection = await database.OpenConnectionAsync();
        var (pending, unknown) = await migrator.Compare(connection, CancellationToken.None);
        if (pending.Count > 0) return HealthAnswer.Unhealthy($"Migrations are pending: {string.Join(", ", pending)}.");

        var reasons = new List<string>();
        if (unknown.Count > 0) reasons.Add($"The database was migrated by a newer version: {string.Join(", ", unknown)}.");
        foreach (var trouble in troubles) reasons.AddRange(await Ask(connection, trouble));
        return reasons.Count == 0 ? HealthAnswer.Healthy : new HealthAnswer("degraded", reasons);
    }

    private async Task<List<string>> Ask(NpgsqlConnection connection, Trouble trouble)
    {
        await using var command = new NpgsqlCommand(trouble.Sql, connection);
        if (trouble.Sql.Contains("@now", StringComparison.Ordinal)) command.Parameters.AddWithValue("now", clock.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync();
        var sentences = new List<string>();
        while (await reader.ReadAsync()) sentences.Add(reader.GetString(0));
        return sentences;
    }

    private static NpgsqlDataSource OneConnection(KernelOptions options)
    {
        var builder = new NpgsqlDataSourceBuilder(options.ConnectionString);
        var connection = builder.ConnectionStringBuilder;
        connection.SearchPath = $"{options.Schema},public";
        (connection.MinPoolSize, connection.MaxPoolSize) = (0, 1);
        (connection.Timeout, connection.CommandTimeout, connection.CancellationTimeout) = (SecondsOfSilence, SecondsOfSilence, -1);
        return builder.Build();
    }
}
