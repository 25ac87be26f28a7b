using MassMessaging.Kernel;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MassMessaging.Tests.Http;

/// <summary>
/// A request's query that forgets its profile, or an expression within one that is led astray, is still kept to one profile's rows.
/// </summary>
public sealed class RowLevelSecuritySpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string App = "mass_messaging_app";
    private const string Worker = "mass_messaging_worker";
    private const string Denied = "42501"; // insufficient_privilege

    /// <summary>Of profiles: by which column, and its values for a profile.</summary>
    private const string OfProfiles = """
        select c.relname, a.attname
        from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname in ('profile_id', 'tenant_id') and not a.attisdropped
        where c.relnamespace = 'mass_messaging'::regnamespace and c.relkind in ('r', 'p')
        union all
        select 'profile', 'id'
        """;

    private const string Others = """
        select c.relname from pg_class c
        where c.relnamespace = 'mass_messaging'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'profile'
          and not exists (
              select from pg_attribute a where a.attrelid = c.oid and a.attname in ('profile_id', 'tenant_id') and not a.attisdropped)
        """;

    [Fact]
    public async Task A_request_sees_changes_and_takes_over_rows_of_its_own_profile_only_whatever_table_it_asks()
    {
        var theirs = await Neighbour.Of(app, "Ramona");
        var mine = await Neighbour.Of(app, "Ana");
        var wrong = new List<string>();
        var (tables, withRows, attempts) = (0, 0, 0);
        foreach (var (table, column) in await Tables(OfProfiles))
        {
            tables++;
            var own = await app.Database.Value<long>($"select count(*) from {table} where {column}::text = '{mine.Profile}'");
            var others = await app.Database.Value<long>($"select count(*) from {table} where {column}::text is distinct from '{mine.Profile}'");
            if (others > 0) withRows++;
            foreach (var (what, sql, expected) in new (string, string, long)[]
            {
                ("sees", $"select * from {table}", own),
                ("sees by name", $"select * from {table} where {column}::text = '{theirs.Profile}'", 0),
                ("deletes", $"delete from {table} where {column}::text <> '{mine.Profile}'", 0),
                ("changes", $"update {table} set {column} = {column} where {column}::text <> '{mine.Profile}'", 0),
                ("locks", $"select * from {table} where {column}::text <> '{mine.Profile}' for update", 0),
            })
            {
                attempts++;
                if (await AsRequest(mine.Profile, sql) is { } rows && rows != expected) wrong.Add($"{table}: {what} {rows}, not {expected}");
            }

            attempts += 2;
            if (await AsRequest(null, $"select * from {table}") is > 0) wrong.Add($"{table}: shows rows to nobody");
            if (own > 0 && await AsRequest(mine.Profile, $"update {table} set {column} = '{theirs.Profile}'") is not null)
                wrong.Add($"{table}: gives rows away");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{attempts} attempts on {tables} tables of profiles, {withRows} with rows of others");
        Assert.Equal([], wrong);
        Assert.True(withRows >= 15, $"only {withRows} tables have rows of others");
    }

    [Fact]
    public async Task A_request_reads_nothing_that_is_of_no_profile_but_the_encrypted_key_of_suppressions()
    {
        var read = new List<string>();
        foreach (var (table, _) in await Tables(Others))
        {
            if (await AsRequest(Guid.NewGuid(), $"select * from {table}") is not null) read.Add(table);
        }

        Assert.Equal(["suppression_key"], read);
    }

    [Theory]
    [InlineData(App)]
    [InlineData(Worker)]
    public async Task Neither_role_changes_or_deletes_an_event(string role)
    {
        Assert.Null(await As(role, null, "update mt_events set data = '{}'"));
        Assert.Null(await As(role, null, "delete from mt_events"));
        Assert.Null(await As(role, null, "truncate mt_events cascade"));
        Assert.Null(await As(role, null, "alter table mt_events disable row level security"));
    }

    [Fact]
    public async Task A_request_sends_messages_of_its_own_profile_only()
    {
        var (mine, theirs) = (Guid.NewGuid(), Guid.NewGuid());
        var own = $$"""{"profileId":"{{mine}}","id":"{{Guid.NewGuid()}}"}""";

        Assert.NotNull(await AsRequest(mine, Sending(own)));
        Assert.Null(await AsRequest(mine, Sending($$"""{"profileId":"{{theirs}}","id":"{{Guid.NewGuid()}}"}""")));
        Assert.Null(await AsRequest(mine, Sending($$$"""{"profileId":"{{{mine}}}","message":{"profile":"{{{theirs}}}"}}""")));
        Assert.Null(await AsRequest(mine, Sending("""{"instance":"theirs"}""")));
        Assert.Null(await AsRequest(null, Sending(own)));
        Assert.Null(await AsRequest(mine, "insert into message (queue, type, body, due_at, scheduled_for, sent_at, actor) values ('a', 'b', '{}', now(), now(), now(), 'c')"));
    }

    [Fact]
    public async Task A_search_finds_nobody_of_another_profile()
    {
        var theirs = await Advisor.Of(app);
        await theirs.HasClient("Ramona");
        var profile = (await theirs.Get("/api/profile")).Id;
        var search = $"select * from client_search('{profile}', '''{profile.ToString()[^12..]}nramona'''::tsquery, '{{}}', null, '{{}}', null, null, null, 10)";

        Assert.Equal(0, await AsRequest(Guid.NewGuid(), search));
        Assert.Equal(0, await AsRequest(null, search));
        Assert.Equal(1, await AsRequest(profile, search));
    }

    [Fact]
    public async Task A_statement_that_forgets_its_profile_sees_the_requests_own_and_without_one_nothing()
    {
        var mine = await Advisor.Of(app);
        await mine.HasClient("Ana");
        await (await Advisor.Of(app)).HasClient("Ramona");
        var store = app.Services.GetRequiredService<IStore>();

        async Task<List<string>> Names(RowScope scope)
        {
            using var entered = scope.IsRequest ? RowScope.Of(scope.Profile) : RowScope.OfService();
            await using var session = store.Open(Origin.System);
            var bySession = await session.Query("select name from client", row => row.GetString(0), CancellationToken.None);
            var byQuery = await store.Query("select name from client", row => row.GetString(0), CancellationToken.None);
            Assert.Equal(bySession, byQuery);
            return byQuery;
        }

        Assert.Equal(["Ana"], await Names(new RowScope(IsRequest: true, (await mine.Get("/api/profile")).Id)));
        Assert.Empty(await Names(new RowScope(IsRequest: true, null)));
        Assert.Contains("Ramona", await Names(RowScope.Service));
    }

    private static string Sending(string body) =>
        $"select send_messages(array['none'], array['none'], array[null], array[false], array['{body}'], array[now()], now(), 'spec', null, null)";

    private Task<long?> AsRequest(Guid? profile, string sql) => As(App, profile, sql);

    /// <summary>Rows that the statement answered or changed, all undone; null: refused.</summary>
    private async Task<long?> As(string role, Guid? profile, string sql)
    {
        await using var connection = await app.Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var enter = new NpgsqlCommand($"select set_config('role', '{role}', true), set_config('app.tenant_id', '{profile}', true)", connection);
        await enter.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        try
        {
            await using var reader = await command.ExecuteReaderAsync();
            long rows = 0;
            while (await reader.ReadAsync()) rows++;
            return reader.RecordsAffected > 0 ? reader.RecordsAffected : rows;
        }
        catch (PostgresException refused) when (refused.SqlState == Denied)
        {
            return null;
        }
    }

    private async Task<List<(string Table, string Column)>> Tables(string sql)
    {
        await using var command = app.Database.DataSource.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var tables = new List<(string, string)>();
        while (await reader.ReadAsync()) tables.Add((reader.GetString(0), reader.FieldCount > 1 ? reader.GetString(1) : ""));
        return tables;
    }
}
