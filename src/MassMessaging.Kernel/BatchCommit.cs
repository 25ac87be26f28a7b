using Npgsql;

namespace MassMessaging.Kernel;

internal static class BatchCommit
{
    /// <summary>Runs the batch and ends its transaction behind it, in one round trip: what fails takes the commit with it.</summary>
    public static Task<int> ExecuteAndCommit(this NpgsqlBatch batch, CancellationToken ct)
    {
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        return batch.ExecuteNonQueryAsync(ct);
    }
}
