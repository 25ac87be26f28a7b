using Npgsql;

namespace MassMessaging.Kernel.Messages;

/// <summary>The last statement of a handler's transaction: what was handled goes, or the whole transaction is void.</summary>
internal static class Completion
{
    private const string Delete = """
        delete from message done
        using unnest(@ids, @attempts, @generations) as mine (id, attempt, generation)
        where done.id = mine.id and done.attempt = mine.attempt and done.generation = mine.generation
        """;

    // Sent again while it was handled: a fresh message, due when that one is wanted.
    private const string Rearm = """
        update message again set
            is_leased = false, due_at = again.rearm_for, scheduled_for = again.rearm_for, rearm_for = null,
            given_back = again.attempt, error = null
        from unnest(@ids, @attempts, @generations) as mine (id, attempt, generation)
        where again.id = mine.id and again.attempt = mine.attempt and again.generation <> mine.generation and again.dead_at is null
        """;

    /// <exception cref="LeaseLostException">At least one message belongs to another claim by now.</exception>
    /// <param name="last">What is still to be run of the transaction: the first statement here goes out with it.</param>
    public static async Task Complete(NpgsqlBatch last, IReadOnlyList<Held> batch, CancellationToken ct)
    {
        var settled = await Run(last, Delete, batch, ct);
        if (settled < batch.Count)
        {
            await using var again = new NpgsqlBatch(last.Connection);
            settled += await Run(again, Rearm, batch, ct);
        }

        if (settled < batch.Count)
            throw new LeaseLostException($"{batch.Count - settled} of {batch.Count} messages belong to another worker by now.");
    }

    private static async Task<int> Run(NpgsqlBatch statements, string text, IReadOnlyList<Held> batch, CancellationToken ct)
    {
        var command = new NpgsqlBatchCommand(text);
        statements.BatchCommands.Add(command);
        command.Parameters.AddWithValue("ids", batch.Select(held => held.Id).ToArray());
        command.Parameters.AddWithValue("attempts", batch.Select(held => held.Attempt).ToArray());
        command.Parameters.AddWithValue("generations", batch.Select(held => held.Generation).ToArray());
        await statements.ExecuteNonQueryAsync(ct);
        return (int)command.RecordsAffected;
    }
}
