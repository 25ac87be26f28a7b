using System.Text.Json;
using MassMessaging.Benchmarks.Reads;
using MassMessaging.Campaigns;
using MassMessaging.Campaigns.Launching;
using MassMessaging.Clients;
using MassMessaging.Tests.Crash;
using MassMessaging.Tests.Harness;
using Npgsql;

namespace MassMessaging.Tests.Clients;

/// <summary>
/// The product's own statements over a large profile: their plans name no sequential scan of the large tables, and what PostgreSQL itself
/// counted as read stays within a few pages, whether asked as the owner or under row-level security.
/// </summary>
[Collection(nameof(RealProcesses))]
public sealed class LargeReadsSpecs(ClientDatabase database) : IClassFixture<ClientDatabase>
{
    private const int Limit = 101;

    /// <summary>What a statement may read of the large tables: its page, or the 5,000 that an exact total counts.</summary>
    private const long MostRead = 5500;

    private const string RowsRead = """
        select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::bigint from pg_stat_xact_user_tables
        where relname in ('client', 'campaign_audience', 'client_contact')
        """;

    private const string Isolate = """
        do $$ declare of_profile record; begin
            for of_profile in select c.table_name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
                where c.table_schema = current_schema() and c.column_name = 'profile_id' and t.table_type = 'BASE TABLE'
            loop
                execute format('alter table %I enable row level security', of_profile.table_name);
                execute format('create policy own on %I using (profile_id = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)', of_profile.table_name);
            end loop;
        end $$
        """;

    private sealed record Read(string Name, string Text, params (string Name, object Value)[] Arguments);

    [Theory]
    [Sizes(60_000, 1_000_000)]
    public async Task Every_list_page_search_and_filter_of_a_large_profile_goes_by_an_index(int clients)
    {
        var profile = await database.Profile();
        var campaign = await ReadsData.Load(database.DataSource, profile, new ReadsSize(clients, Profiles: 100, Events: 0), TimeProvider.System.GetUtcNow());
        var reads = await Reads(profile, campaign);
        var role = $"reader_{profile:n}";
        await database.Execute($"create role {role}");
        try
        {
            await database.Execute($"grant usage on schema {database.Schema} to {role}");
            await database.Execute($"grant select on all tables in schema {database.Schema} to {role}");
            await database.Execute(Isolate);

            var found = new List<string>();
            foreach (var read in reads)
            {
                found.AddRange(await Wrong(read, "", profile));
                found.AddRange(await Wrong(read, role, profile));
            }

            Assert.Equal("", string.Join('\n', found));
            Assert.Equal(0, await Rows(reads[0], role, Guid.NewGuid()));
            Assert.Equal(0, await Rows(reads.Single(read => read.Name == "search by name"), role, Guid.NewGuid()));
        }
        finally
        {
            await database.Execute($"drop owned by {role}");
            await database.Execute($"drop role {role}");
        }
    }

    private async Task<List<Read>> Reads(Guid profile, Guid campaign)
    {
        var (phone, email, deep) = (
            await database.Value<string>($"select phone from client where profile_id = '{profile}' limit 1"),
            await database.Value<string>($"select email from client where profile_id = '{profile}' and email is not null limit 1"),
            await database.Value<Guid>($"select id from client where profile_id = '{profile}' order by id offset 5000 limit 1"));
        var member = await database.Value<Guid>($"select id from campaign_audience where campaign_id = '{campaign}' order by id offset 5000 limit 1");
        var monthAgo = TimeProvider.System.GetUtcNow().AddDays(-30);
        var (first, last) = MemberId.Range(campaign);
        (string, object)[] list = [("profile", profile), ("label", "afiliado"), ("contactedBefore", monthAgo), ("limit", Limit)];
        (string, object)[] audience =
            [("profile", profile), ("campaign", campaign), ("first", first), ("last", last), ("now", monthAgo), ("limit", Limit), ("most", 5000)];

        Read Listed(string name, ClientFilter filter, Guid? after = null) =>
            new(name, ListClientsEndpoint.Listed(filter, after is null), [.. list, ("after", after ?? Guid.Empty)]);
        Read Search(string name, string text)
        {
            var search = ClientSearch.Of(text, profile, "MX");
            return new(name, ListClientsEndpoint.Found,
                ("profile", profile), ("keys", search.Keys), ("words", search.Words), ("email", search.Email ?? (object)DBNull.Value),
                ("phones", search.Phones), ("label", DBNull.Value), ("contactedBefore", DBNull.Value), ("after", DBNull.Value), ("limit", Limit));
        }

        Read Audience(string name, AudienceFilter filter, Guid? after = null) => new(
            name, AudienceRows.OnePage(filter, after is null), [.. audience, ("after", after ?? Guid.Empty), ("status", filter.Status?.Word() ?? "")]);
        Read Total(string name, AudienceFilter filter) => new(
            name, AudienceTotal.Text(filter), [.. audience, ("status", filter.Status?.Word() ?? (object)DBNull.Value)]);

        return
        [
            Listed("first page", new()),
            Listed("deep page", new(), deep),
            Listed("label", new(ClientLabel.Afiliado)),
            Listed("without contact", new(WithoutContactDays: 30)),
            Listed("label, without contact, deep", new(ClientLabel.Afiliado, WithoutContactDays: 30), deep),
            Search("search by name", "ana ibarra"),
            Search("search by phone", phone![^8..]),
            Search("search by phone in full", phone!),
            Search("search by e-mail", email!),
            new("total", ListClientsEndpoint.Total(new()), ("profile", profile), ("label", DBNull.Value)),
            Audience("audience", new()),
            Audience("audience, deep page", new(), member),
            Audience("audience that failed", new(MemberStatus.Failed)),
            Audience("audience that waits, deep page", new(MemberStatus.Pending), member),
            Audience("audience that replied", new(Replied: true)),
            Audience("audience that read and did not reply", new(MemberStatus.Read, Replied: false)),
            Total("audience's total", new()),
            Total("audience's total of a status", new(MemberStatus.Read)),
            Total("audience's total of replies", new(Replied: true)),
        ];
    }

    private async Task<List<string>> Wrong(Read read, string role, Guid tenant)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await Begin(connection, role, tenant);
        var before = await Count(connection); // of the session, until PostgreSQL takes note of it
        await using var explain = Command(connection, read with { Text = $"explain (analyze, format json) {read.Text}" });
        var plan = (string)(await explain.ExecuteScalarAsync())!;
        var rows = await Count(connection) - before;

        var name = $"{read.Name}{(role.Length > 0 ? " (row-level security)" : "")}";
        var wrong = Scanned(JsonDocument.Parse(plan).RootElement).Select(table => $"{name}: scans {table}").ToList();
        if (rows > MostRead) wrong.Add($"{name}: reads {rows} rows");
        return wrong;
    }

    private static async Task<long> Count(NpgsqlConnection connection)
    {
        await using var counted = new NpgsqlCommand(RowsRead, connection);
        return (long)(await counted.ExecuteScalarAsync())!;
    }

    private async Task<int> Rows(Read read, string role, Guid tenant)
    {
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await Begin(connection, role, tenant);
        await using var command = Command(connection, read);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = 0;
        while (await reader.ReadAsync()) rows++;
        return rows;
    }

    /// <param name="role">Empty for the owner, whom no policy binds.</param>
    private static async Task<NpgsqlTransaction> Begin(NpgsqlConnection connection, string role, Guid tenant)
    {
        var transaction = await connection.BeginTransactionAsync();
        if (role.Length == 0) return transaction;

        await using var enter = new NpgsqlCommand($"set local role {role}; select set_config('app.tenant_id', '{tenant}', true)", connection);
        await enter.ExecuteNonQueryAsync();
        return transaction;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, Read read)
    {
        var command = new NpgsqlCommand(read.Text, connection);
        foreach (var (name, value) in read.Arguments)
        {
            if (!read.Text.Contains($"@{name}", StringComparison.Ordinal)) continue;
            command.Parameters.AddWithValue(name, value is DateTimeOffset at ? at.ToUniversalTime() : value);
        }

        return command;
    }

    private static IEnumerable<string> Scanned(JsonElement plan)
    {
        if (plan.ValueKind == JsonValueKind.Array) return plan.EnumerateArray().SelectMany(Scanned);
        if (plan.ValueKind != JsonValueKind.Object) return [];

        var own = plan.TryGetProperty("Node Type", out var type) && type.GetString()!.EndsWith("Seq Scan", StringComparison.Ordinal)
            && plan.GetProperty("Relation Name").GetString() is "client" or "campaign_audience" or "client_contact"
            ? [plan.GetProperty("Relation Name").GetString()!]
            : Array.Empty<string>();
        return own.Concat(plan.EnumerateObject().SelectMany(property => Scanned(property.Value)));
    }
}
