using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace MassMessaging.Benchmarks.Sending;

/// <summary>
/// The database's part alone, as bare set-based SQL over copies of the tables with the same keys and indexes, 500 messages a commit as the
/// product does at most: claim with frozen values, attempt, commit; outcome, member view, gateway's id, completion, commit.
/// </summary>
public sealed class DatabaseFloor(NpgsqlDataSource database)
{
    private const int Batch = 500;

    private static readonly string[] tables = ["mt_streams", "mt_events", "campaign", "campaign_audience", "campaign_recipient", "gateway_message"];

    private const string Claim = """
        select c.profile_id, c.id, a.id, a.client_id, r.name, r.phone
        from unnest(@campaigns::uuid[]) k (id)
        join campaign c on c.id = k.id
        cross join lateral (
            select id, client_id from campaign_audience
            where profile_id = c.profile_id and campaign_id = c.id and status = 'pending' order by id limit @most for update skip locked) a
        join campaign_recipient r on r.profile_id = c.profile_id and r.member_id = a.id
        """;

    private const string Streams = """
        update mt_streams s set version = s.version + 1, timestamp = @now
        from unnest(@tenants::varchar[], @members::uuid[]) k (tenant_id, id) where s.tenant_id = k.tenant_id and s.id = k.id
        """;

    private const string Events = """
        insert into mt_events (
            seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, user_name, is_archived)
        select nextval('mt_events_sequence'), id, member, @version, data, @type, @now, tenant, @dotnet_type, @type, @type, 'system', false
        from unnest(@ids::uuid[], @members::uuid[], @tenants::varchar[], @data::jsonb[]) e (id, member, tenant, data)
        """;

    private const string Attempted = """
        update campaign_audience a
        set status = 'sending', attempted_at = @now, whatsapp_message_id = k.message, attempts = a.attempts + 1, version = 2
        from unnest(@profiles::uuid[], @members::uuid[], @ids::uuid[]) k (profile_id, id, message)
        where a.profile_id = k.profile_id and a.id = k.id
        """;

    private const string Sent = """
        update campaign_audience a set status = 'sent', sent_at = @now, version = 3
        from unnest(@profiles::uuid[], @members::uuid[]) k (profile_id, id) where a.profile_id = k.profile_id and a.id = k.id
        """;

    private const string Named = """
        insert into gateway_message (instance, gateway_id, profile_id, member_id, message_id, created_at)
        select 'lane-1', upper(encode(uuid_send(id), 'hex')), profile_id, member_id, id, @now
        from unnest(@ids::uuid[], @profiles::uuid[], @members::uuid[]) m (id, profile_id, member_id)
        """;

    private const string Completion = """
        select c.id from unnest(@campaigns::uuid[]) k (id) join campaign c on c.id = k.id
        where not exists (select from campaign_audience a where a.profile_id = c.profile_id and a.campaign_id = c.id and a.status = 'pending')
        """;

    /// <summary>Copies in a schema of their own, so that the service's views do not follow them.</summary>
    public async Task Copy()
    {
        await using var connection = await Open();
        await Run(connection, "create schema floor; create sequence floor.mt_events_sequence");
        foreach (var table in tables)
        {
            await Run(connection, $"create table floor.{table} (like mass_messaging.{table} including all)");
            await Run(connection, $"insert into floor.{table} select * from mass_messaging.{table}");
        }

        await Run(connection, "alter table mt_events add foreign key (tenant_id, stream_id) references mt_streams (tenant_id, id)");
        await Run(connection, "select setval('mt_events_sequence', (select max(seq_id) from mt_events))");
        foreach (var table in tables) await Run(connection, $"vacuum (analyze) {table}");
    }

    /// <summary>Seconds for these campaigns, each connection with its share of them.</summary>
    public async Task<double> Measure(IReadOnlyList<Guid> campaigns, int connections) =>
        (await Repeats.Time(() => Task.WhenAll(campaigns.Chunk((campaigns.Count + connections - 1) / connections).Select(Send)))).TotalSeconds;

    private async Task Send(Guid[] campaigns)
    {
        await using var connection = await Open();
        while (true)
        {
            await using var attempting = await connection.BeginTransactionAsync();
            var members = await Take(connection, campaigns);
            if (members.Count == 0) return;

            var ids = members.ConvertAll(_ => Guid.CreateVersion7()).ToArray();
            await Write(connection, members, ids, 2, "message_attempted", one => string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"campaignId":"{{one.Campaign}}","messageId":"{{one.Member}}","slotAt":"2026-01-01T00:00:00Z","label":"consumidor"}"""), [Attempted]);
            await attempting.CommitAsync();

            await using var settling = await connection.BeginTransactionAsync();
            await Write(connection, members, ids, 3, "message_sent", one => string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"campaignId":"{{one.Campaign}}","clientId":"{{one.Client}}","sentAt":"2026-01-01T00:00:00Z","was":"sending","label":"consumidor","slotAt":"2026-01-01T00:00:00Z"}"""),
                [Sent, Named, Completion], campaigns);
            await settling.CommitAsync();
        }
    }

    private static async Task<List<Claimed>> Take(NpgsqlConnection connection, Guid[] campaigns)
    {
        await using var command = new NpgsqlCommand(Claim, connection)
        {
            Parameters = { new("campaigns", campaigns), new("most", (Batch + campaigns.Length - 1) / campaigns.Length) },
        };
        await command.PrepareAsync();
        await using var row = await command.ExecuteReaderAsync();
        var claimed = new List<Claimed>();
        while (await row.ReadAsync()) claimed.Add(new(row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetGuid(3)));
        return claimed;
    }

    /// <summary>One round trip.</summary>
    private static async Task Write(
        NpgsqlConnection connection, List<Claimed> members, Guid[] ids, long version, string type, Func<Claimed, string> json, string[] others,
        Guid[]? campaigns = null)
    {
        var args = new Dictionary<string, Func<NpgsqlParameter>>
        {
            ["now"] = () => new("now", TimeProvider.System.GetUtcNow().UtcDateTime),
            ["tenants"] = () => new("tenants", members.ConvertAll(one => one.Profile.ToString("D")).ToArray()),
            ["profiles"] = () => new("profiles", members.ConvertAll(one => one.Profile).ToArray()),
            ["members"] = () => new("members", members.ConvertAll(one => one.Member).ToArray()),
            ["ids"] = () => new("ids", ids),
            ["data"] = () => new("data", NpgsqlDbType.Array | NpgsqlDbType.Jsonb) { Value = members.ConvertAll(one => json(one)).ToArray() },
            ["version"] = () => new("version", version),
            ["type"] = () => new("type", type),
            ["dotnet_type"] = () => new("dotnet_type", "MassMessaging.Campaigns.MessageSent, MassMessaging"),
            ["campaigns"] = () => new("campaigns", campaigns ?? []),
        };
        await using var batch = new NpgsqlBatch(connection);
        foreach (var sql in (string[])[Streams, Events, .. others])
        {
            var statement = new NpgsqlBatchCommand(sql);
            foreach (var (_, make) in args.Where(arg => sql.Contains($"@{arg.Key}", StringComparison.Ordinal))) statement.Parameters.Add(make());
            batch.BatchCommands.Add(statement);
        }

        await batch.PrepareAsync();
        await batch.ExecuteNonQueryAsync();
    }

    private async Task<NpgsqlConnection> Open()
    {
        var connection = await database.OpenConnectionAsync();
        await Run(connection, "set search_path = floor");
        return connection;
    }

    private static async Task Run(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    private sealed record Claimed(Guid Profile, Guid Campaign, Guid Member, Guid Client);
}
