using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>A view's rows in the making: folded in memory, written to the shadow table from time to time.</summary>
internal interface IShadow
{
    /// <summary>Rows in memory.</summary>
    int Held { get; }

    /// <summary>In the order of the log; outside of a transaction. Other views may be folded at the same time.</summary>
    /// <exception cref="ViewFailure">The view cannot take one of them.</exception>
    Task Take(SharedConnection connection, IReadOnlyList<RecordedEvent> events, CancellationToken ct);

    /// <summary>What is in memory and not in the table goes there, in the caller's transaction.</summary>
    Task Write(NpgsqlConnection connection, CancellationToken ct);

    /// <summary>What was written last did not stay: the table is the truth.</summary>
    void Forget();
}

/// <param name="hasRows">The table has rows from an earlier process.</param>
internal sealed class SumShadow(ViewType view, ShadowTable table, bool hasRows) : IShadow
{
    private readonly SumViewFold sums = new(view);
    private bool hasRows = hasRows;

    public int Held => sums.Count;

    public Task Take(SharedConnection connection, IReadOnlyList<RecordedEvent> events, CancellationToken ct)
    {
        foreach (var recorded in events) sums.Add(recorded);
        return Task.CompletedTask;
    }

    public async Task Write(NpgsqlConnection connection, CancellationToken ct)
    {
        if (sums.Count == 0) return;

        if (hasRows)
        {
            await table.IndexKey(connection, ct);
            await using var batch = new NpgsqlBatch(connection);
            foreach (var command in sums.Write(table.Name)) batch.BatchCommands.Add(command);
            await batch.ExecuteNonQueryAsync(ct);
        }
        else
        {
            await sums.Copy(connection, table.Name, ct);
        }

        hasRows = true;
        sums.Clear();
    }

    public void Forget()
    {
        sums.Clear();
        hasRows = true;
    }
}
