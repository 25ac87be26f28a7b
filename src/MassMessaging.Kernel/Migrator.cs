using System.Reflection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>
/// Applies the embedded <c>Migrations/*.sql</c> of all registered assemblies, ordered by file name, each once and in its own transaction.
/// Any number of nodes may start at the same time: an advisory lock lets one work.
/// </summary>
public sealed class Migrator(KernelBuilder kernel, KernelOptions options, NpgsqlDataSource database, TimeProvider clock, ILogger<Migrator> log)
{
    private const string Lock = "select pg_advisory_lock(hashtextextended(@name, 0))";

    private const string Unlock = "select pg_advisory_unlock(hashtextextended(@name, 0))";

    private const string ReadApplied = "select name from migration";

    private const string CreateApplied = "create table if not exists migration (name text primary key, applied_at timestamptz not null)";

    private const string Record = "insert into migration (name, applied_at) values (@name, @now)";

    private readonly DatabaseRoles roles = new(options);

    public async Task Migrate(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var name = $"{options.Schema} migrations";
        await Run(connection, Lock, ct, ("name", name));
        try
        {
            await Run(connection, $"create schema if not exists \"{options.Schema}\"", ct);
            await Run(connection, roles.Creation, ct);
            await Run(connection, CreateApplied, ct);
            var applied = await Names(connection, ct);
            foreach (var (file, sql) in Files().Where(file => !applied.Contains(file.Name)))
                await Apply(connection, file, sql, ct);
            await Run(connection, roles.Protection, ct);
        }
        finally
        {
            await Run(connection, Unlock, CancellationToken.None, ("name", name));
        }
    }

    /// <summary>
    /// What this version brings and the database does not have yet, and what the database has that this version does not know.
    /// </summary>
    public async Task<(IReadOnlyList<string> Pending, IReadOnlyList<string> Unknown)> Compare(NpgsqlConnection connection, CancellationToken ct)
    {
        var (own, applied) = (Files().Select(file => file.Name).ToList(), await Applied(connection, ct));
        return ([.. own.Where(name => !applied.Contains(name))], [.. applied.Except(own).Order(StringComparer.Ordinal)]);
    }

    private static async Task<HashSet<string>> Applied(NpgsqlConnection connection, CancellationToken ct)
    {
        try
        {
            return await Names(connection, ct);
        }
        catch (PostgresException none) when (none.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return [];
        }
    }

    private async Task Apply(NpgsqlConnection connection, string file, string sql, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await Run(connection, sql, ct);
        await Run(connection, Record, ct, ("name", file), ("now", clock.GetUtcNow()));
        await transaction.CommitAsync(ct);
        log.LogInformation("Applied migration {Migration}", file);
    }

    private IEnumerable<(string Name, string Sql)> Files() =>
        from assembly in kernel.MigrationAssemblies.Distinct()
        from resource in assembly.GetManifestResourceNames()
        where resource.EndsWith(".sql", StringComparison.Ordinal) && resource.Contains(".Migrations.", StringComparison.Ordinal)
        let name = resource[(resource.LastIndexOf(".Migrations.", StringComparison.Ordinal) + ".Migrations.".Length)..^".sql".Length]
        orderby name
        select (name, Text(assembly, resource));

    private static string Text(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }

    private static async Task<HashSet<string>> Names(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(ReadApplied, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var names = new HashSet<string>();
        while (await reader.ReadAsync(ct)) names.Add(reader.GetString(0));
        return names;
    }

    // A migration may take as long as it needs, and so may waiting for another node's.
    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken ct, params (string, object?)[] args)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        Arguments.Add(command.Parameters, args);
        await command.ExecuteNonQueryAsync(ct);
    }
}
