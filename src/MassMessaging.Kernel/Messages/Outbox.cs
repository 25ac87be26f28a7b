using Npgsql;
using NpgsqlTypes;

namespace MassMessaging.Kernel.Messages;

/// <summary>Writes a session's messages, any number of them in one statement, in the session's own transaction.</summary>
internal sealed class Outbox(MessageRegistry registry)
{
    // A function: who sends need not be able to read or change messages. It runs in the session's own transaction.
    private const string Insert =
        "select send_messages(@queues, @types, @keys, @ordered, @bodies, @dues, @now, @actor, @correlation, @causation)";

    /// <summary>Adds their statement; answers the queues to wake once the transaction has committed.</summary>
    public IReadOnlyCollection<string> Add(NpgsqlBatch batch, IReadOnlyList<Outgoing> messages, Origin origin, DateTimeOffset now)
    {
        if (messages.Count == 0) return [];

        var rows = Coalesce([.. messages.Select(message => ToRow(message, now))]);
        var command = new NpgsqlBatchCommand(Insert);
        batch.BatchCommands.Add(command);
        var args = command.Parameters;
        args.AddWithValue("queues", rows.Select(row => row.Queue).ToArray());
        args.AddWithValue("types", rows.Select(row => row.Type).ToArray());
        args.Add(new NpgsqlParameter("keys", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = Keys(rows) });
        args.AddWithValue("ordered", rows.Select(row => row.IsOrdered).ToArray());
        args.AddWithValue("bodies", rows.Select(row => row.Body).ToArray());
        args.AddWithValue("dues", rows.Select(row => row.DueAt).ToArray());
        args.AddWithValue("now", now.ToUniversalTime());
        args.AddWithValue("actor", origin.Actor);
        args.Add(new NpgsqlParameter("correlation", NpgsqlDbType.Text) { Value = (object?)origin.CorrelationId ?? DBNull.Value });
        args.Add(new NpgsqlParameter("causation", NpgsqlDbType.Text) { Value = (object?)Traces.Beside(origin.CausationId) ?? DBNull.Value });
        return [.. rows.Select(row => row.Queue).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Null when there are none: what has no key is merged with nothing.</summary>
    private static object Keys(List<Row> rows) =>
        rows.TrueForAll(row => row.Key is null) ? DBNull.Value : rows.Select(row => row.Key).ToArray();

    private Row ToRow(Outgoing outgoing, DateTimeOffset now)
    {
        var type = registry.Of(outgoing.Message);
        var isOrdered = type.Order == MessageOrder.PerKey && outgoing.Key is not null;
        var due = (outgoing.At ?? now).ToUniversalTime();
        return new Row(type.Queue, type.WireName, outgoing.Key, isOrdered, MessageRegistry.Write(outgoing.Message), due);
    }

    // One statement cannot upsert a row twice, so a unique key is merged here: the later body, the earlier time. Unique keys go first
    // and sorted: two sessions that send the same keys lock them in the same order. All others keep the order in which they were sent.
    private static List<Row> Coalesce(IReadOnlyList<Row> rows)
    {
        var unique = rows.Where(row => row.IsUnique)
            .GroupBy(row => (row.Queue, row.Type, row.Key))
            .Select(same => same.Last() with { DueAt = same.Min(row => row.DueAt) })
            .OrderBy(row => row.Queue, StringComparer.Ordinal)
            .ThenBy(row => row.Type, StringComparer.Ordinal)
            .ThenBy(row => row.Key, StringComparer.Ordinal);
        return [.. unique, .. rows.Where(row => !row.IsUnique)];
    }

    private sealed record Row(string Queue, string Type, string? Key, bool IsOrdered, string Body, DateTimeOffset DueAt)
    {
        public bool IsUnique => Key is not null && !IsOrdered;
    }
}
