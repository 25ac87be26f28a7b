using Npgsql;
using NpgsqlTypes;

namespace MassMessaging.Kernel;

/// <param name="Body">The message as JSON: ids, or a webhook as it came, which may hold personal data.</param>
/// <param name="Error">Type and codes of what its last attempt threw; <c>lease-expired</c> when its holders vanished.</param>
public sealed record DeadLetter(
    long Id, string Queue, string Type, string? Key, string Body, int Attempts,
    DateTimeOffset ScheduledFor, DateTimeOffset DeadAt, string? Error);

/// <summary>Messages that spent their attempts: kept until a person replays or discards them, or as their queue says.</summary>
public sealed class DeadLetters(NpgsqlDataSource dataSource, TimeProvider clock, Messages.WakeUp wakeUp)
{
    private const string Page = """
        select id, queue, type, key, body::text, attempt - given_back, scheduled_for, dead_at, error
        from message where dead_at is not null and id > @after order by id limit @limit
        """;

    // Whose a message is stands in its body: all that are about one profile say so.
    private const string OfProfile = "dead_at is not null and (@profile::uuid is null or body ->> 'profileId' = @profile::text)";

    private const string NewestPage = $"""
        select id, queue, type, key, body::text, attempt - given_back, scheduled_for, dead_at, error
        from message where {OfProfile} and (@before::bigint is null or id < @before) order by id desc limit @limit
        """;

    private const string CountAll = $"select count(*) from message where {OfProfile}";

    private const string Whose = $"select exists (select from message where id = @id and {OfProfile})";

    // A unique key holds one living message: of several dead ones the latest returns, and none while a newer message of the key waits.
    private const string Merge = """
        delete from message old
        where old.id = any(@ids) and old.dead_at is not null and old.key is not null and not old.is_ordered and exists (
            select from message newer
            where newer.queue = old.queue and newer.type = old.type and newer.key = old.key and not newer.is_ordered
                and newer.id <> old.id and (newer.dead_at is null or (newer.id = any(@ids) and newer.id > old.id)))
        """;

    private const string Revive = """
        update message set dead_at = null, is_leased = false, given_back = attempt, due_at = greatest(@now, scheduled_for)
        where id = any(@ids) and dead_at is not null
        returning queue
        """;

    private const string Delete = "delete from message where id = any(@ids) and dead_at is not null returning queue";

    private const string DeleteOld = "delete from message where dead_at < @before and queue = @queue";

    /// <summary>In the order in which they were sent.</summary>
    public async Task<IReadOnlyList<DeadLetter>> List(int limit, long after, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(Page);
        command.Parameters.AddWithValue("after", after);
        command.Parameters.AddWithValue("limit", limit);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var letters = new List<DeadLetter>();
        while (await reader.ReadAsync(ct)) letters.Add(Read(reader));
        return letters;
    }

    /// <summary>Newest first.</summary>
    /// <param name="before">Null: from the newest.</param>
    /// <param name="profile">Only those about it; null: all.</param>
    public async Task<IReadOnlyList<DeadLetter>> Newest(int limit, long? before, Guid? profile, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(NewestPage);
        Arguments.Add(command.Parameters, [("limit", limit)]);
        command.Parameters.Add(new NpgsqlParameter("before", NpgsqlDbType.Bigint) { Value = (object?)before ?? DBNull.Value });
        command.Parameters.Add(Of(profile));
        await using var reader = await command.ExecuteReaderAsync(ct);
        var letters = new List<DeadLetter>();
        while (await reader.ReadAsync(ct)) letters.Add(Read(reader));
        return letters;
    }

    /// <inheritdoc cref="Newest"/>
    public async Task<long> Count(Guid? profile, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(CountAll);
        command.Parameters.Add(Of(profile));
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>There is such a dead letter, and it is about that profile.</summary>
    public async Task<bool> Has(long id, Guid? profile, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(Whose);
        Arguments.Add(command.Parameters, [("id", id)]);
        command.Parameters.Add(Of(profile));
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Due at once, with all its attempts again. Answers how many were dead letters.</summary>
    public async Task<int> Replay(IReadOnlyCollection<long> ids, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var merged = await Run(connection, Merge + " returning queue", ids, ct);
        var revived = await Run(connection, Revive, ids, ct);
        await transaction.CommitAsync(ct);
        wakeUp.Raise(revived.Distinct(StringComparer.Ordinal));
        return merged.Count + revived.Count;
    }

    /// <summary>Deletes them; an ordered key goes on with its next message.</summary>
    public async Task<int> Discard(IReadOnlyCollection<long> ids, CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        var dropped = await Run(connection, Delete, ids, ct);
        wakeUp.Raise(dropped.Distinct(StringComparer.Ordinal));
        return dropped.Count;
    }

    /// <summary>Deletes those of the queue that died before. Answers how many.</summary>
    public async Task<int> Drop(string queue, DateTimeOffset before, CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(DeleteOld);
        command.Parameters.AddWithValue("queue", queue);
        command.Parameters.AddWithValue("before", before);
        var dropped = await command.ExecuteNonQueryAsync(ct);
        if (dropped > 0) wakeUp.Raise(queue);
        return dropped;
    }

    private async Task<List<string>> Run(NpgsqlConnection connection, string text, IReadOnlyCollection<long> ids, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(text, connection);
        command.Parameters.AddWithValue("ids", ids.ToArray());
        command.Parameters.AddWithValue("now", clock.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(ct);
        var queues = new List<string>();
        while (await reader.ReadAsync(ct)) queues.Add(reader.GetString(0));
        return queues;
    }

    private static NpgsqlParameter Of(Guid? profile) => new("profile", NpgsqlDbType.Uuid) { Value = (object?)profile ?? DBNull.Value };

    private static DeadLetter Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetString(4), row.GetInt32(5),
        row.GetFieldValue<DateTimeOffset>(6), row.GetFieldValue<DateTimeOffset>(7), row.IsDBNull(8) ? null : row.GetString(8));
}
