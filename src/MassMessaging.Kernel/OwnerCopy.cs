using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>
/// Many new rows at once, by COPY: half of what inserting them costs. PostgreSQL takes no COPY into a table with row-level security from
/// a role that policies bind, also where they let every row pass; so a session of the service's own steps back to the tables' owner while it
/// copies. A request's session never does.
/// </summary>
internal sealed class OwnerCopy(NpgsqlConnection connection, DatabaseRoles roles, BulkWork bulk)
{
    /// <summary>Fewer rows are inserted: each COPY is a round trip of its own.</summary>
    public const int Fewest = 100;

    public NpgsqlConnection Connection => connection;

    public async Task Run(Func<Task> copy, CancellationToken ct)
    {
        await Say(DatabaseRoles.Leave, ct);
        await copy();
        bulk.Note();
        await Say(roles.Enter(RowScope.Service), ct);
    }

    public Task Write<TRow>(string table, RowColumns columns, IReadOnlyList<TRow> rows, CancellationToken ct)
        where TRow : class => Run(() => CopyWriter.Write(connection, table, columns, rows, columns.Copy, ct), ct);

    private async Task Say(string statement, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
