using System.Globalization;

namespace MassMessaging.Benchmarks.Launch;

/// <summary>The rows that a launch wrote, written again by binary COPY over one connection and over two, into copies of the tables.</summary>
public sealed class LaunchFloor : IAsyncDisposable
{
    private const int Portion = 1 << 16;

    // In the order in which foreign keys want them. The halves are told by the member's id, which is a hash behind its time.
    private static readonly (string Table, string Rows)[] tables =
    [
        ("mt_streams", "join mt_streams t on t.tenant_id = a.profile_id::text and t.id = a.id"),
        ("mt_events", "join mt_events t on t.tenant_id = a.profile_id::text and t.stream_id = a.id and t.version = 1"),
        ("campaign_audience", "join campaign_audience t on t.profile_id = a.profile_id and t.id = a.id"),
        ("campaign_recipient", "join campaign_recipient t on t.profile_id = a.profile_id and t.member_id = a.id"),
    ];

    private static readonly string[] schemas = ["floor_one", "floor_two"];

    private readonly BenchmarkServer server;

    private LaunchFloor(BenchmarkServer server) => this.server = server;

    /// <summary>Two sets of tables: each grows as the service's own do.</summary>
    public static async Task<LaunchFloor> Make(BenchmarkServer server)
    {
        foreach (var schema in schemas)
        {
            await server.Run($"create schema {schema}");
            foreach (var (table, _) in tables) await server.Run($"create table {schema}.{table} (like {table} including all)");
            await server.Run($"alter table {schema}.mt_events add foreign key (tenant_id, stream_id) references {schema}.mt_streams (tenant_id, id)");
        }

        return new LaunchFloor(server);
    }

    public async Task<(TimeSpan One, TimeSpan Two)> Measure(Guid campaign)
    {
        var halves = new[] { await RowsOf(campaign, 0), await RowsOf(campaign, 1) };
        await server.Run("checkpoint");
        var one = await Repeats.Time(() => Write(schemas[0], halves));
        await server.Run("checkpoint");
        var two = await Repeats.Time(() => Task.WhenAll(halves.Select(half => Task.Run(() => Write(schemas[1], [half])))));
        return (one, two);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var schema in schemas) await server.Run($"drop schema {schema} cascade");
    }

    /// <summary>Of half of the members, table by table, in the log's order.</summary>
    private async Task<byte[][]> RowsOf(Guid campaign, int half)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        var rows = new List<byte[]>();
        foreach (var (_, joined) in tables)
        {
            await using var stream = await connection.BeginRawBinaryCopyAsync(string.Create(CultureInfo.InvariantCulture, $"""
                copy (select t.* from campaign_audience a {joined}
                      where a.campaign_id = '{campaign}' and ('x' || right(a.id::text, 1))::bit(4)::int % 2 = {half}
                      order by a.profile_id, a.id) to stdout (format binary)
                """));
            using var bytes = new MemoryStream();
            await stream.CopyToAsync(bytes);
            rows.Add(bytes.ToArray());
        }

        return [.. rows];
    }

    /// <summary>Over one connection, each half in a transaction of its own.</summary>
    private async Task Write(string schema, byte[][][] halves)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        foreach (var half in halves)
        {
            await using var transaction = await connection.BeginTransactionAsync();
            foreach (var ((table, _), rows) in tables.Zip(half))
            {
                await using var stream = await connection.BeginRawBinaryCopyAsync($"copy {schema}.{table} from stdin (format binary)");
                for (var sent = 0; sent < rows.Length; sent += Portion) await stream.WriteAsync(rows.AsMemory(sent, Math.Min(Portion, rows.Length - sent)));
            }

            await transaction.CommitAsync();
        }
    }
}
