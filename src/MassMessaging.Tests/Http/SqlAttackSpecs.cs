using MassMessaging.Tests.Harness;
using Npgsql;

namespace MassMessaging.Tests.Http;

/// <summary>
/// What SQL can do beyond reading a table (files, functions, statistics, shadows, the catalogue), as each role that the service drops to. Whoever may choose
/// whole statements on the service's connection can leave the role: docs/security.md says what answers that.
/// </summary>
public sealed class SqlAttackSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string App = "mass_messaging_app";
    private const string Worker = "mass_messaging_worker";

    /// <summary>Not allowed; not there for anybody but a superuser. A statement that is only wrong proves nothing.</summary>
    private static readonly string[] Refusals = [PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.FeatureNotSupported];

    /// <summary>Neither role may, whatever its tenant.</summary>
    private static readonly string[] ForNobody =
    [
        "truncate mt_events", "truncate client cascade", "truncate message", "drop table client", "drop schema mass_messaging cascade",
        "alter table client disable row level security",
        "alter table client no force row level security", "alter table client owner to mass_messaging_app",
        "drop policy own_profile on client", "create policy mine on client using (true)",
        "create table mass_messaging.mine (a int)", "create function mass_messaging.mine() returns int language sql as 'select 1'",
        "create schema mine", "create extension dblink", "create role mine superuser",
        "alter role mass_messaging_app superuser", "alter role mass_messaging_app bypassrls",
        "create trigger mine after insert on client execute function client_added()",
        "create index mine on client (id)", "create rule mine as on select to client do instead select 1",
        "alter function client_search(uuid, tsquery, text[], text, text[], text, timestamptz, uuid, int) security invoker",
        "copy client from program 'true'", "copy client to '/client'", "copy client to program 'cat'",
        "copy (select 1) to program 'id'", "select pg_read_file('/etc/passwd')", "select pg_ls_dir('.')",
        "select lo_import('/etc/passwd')",
        "select pg_stat_file('.')", "select pg_reload_conf()", "select pg_switch_wal()", "load 'auto_explain'", "select * from pg_authid",
        "select * from pg_shadow",
        "select * from pg_statistic", "select rolpassword from pg_authid", "select * from pg_hba_file_rules",
        "select * from pg_file_settings", "update mt_events set data = '{}'", "delete from mt_events", "delete from mt_streams",
        "select setval('mt_events_sequence', 1)", "select pg_terminate_backend(pid) from pg_stat_activity where pid = pg_backend_pid()",
        "reindex table client",
        "create publication mine for all tables", "create event trigger mine on ddl_command_start execute function client_added()",
    ];

    /// <summary>A request may not, of whatever profile it is.</summary>
    private static readonly string[] NotForRequests =
    [
        "select * from message", "delete from message", "update message set due_at = due_at", "select * from account",
        "update account set email_confirmed = true", "select * from data_protection_key", "insert into data_protection_key default values",
        "select * from mt_events for update", "insert into account (id) values (gen_random_uuid())", "select xml from data_protection_key",
    ];

    /// <summary>What a request may ask, and is answered nothing of another's.</summary>
    private static readonly string[] ShowsNothing =
    [
        "select * from client where name like 'Ramona%'",
        "select most_common_vals::text from pg_stats where schemaname = 'mass_messaging' and tablename in (select relname from pg_class where relrowsecurity)",
        "select histogram_bounds::text from pg_stats where tablename = 'client'",
        "select query from pg_stat_activity where query like '%Ramona%' and pid <> pg_backend_pid()",
        "select query_to_xml('select * from client', true, false, '')::text", "select table_to_xml('client', true, false, '')::text",
        "select schema_to_xml('mass_messaging', true, false, '')::text",
        "select * from client where name < 'a' or name > 'a' or true", "select c.* from profile p left join client c on true",
        "with x as (select * from client) select * from x", "select (select string_agg(name, ',') from client)",
        "select * from client union all select * from only client", "select * from client tablesample system (100)",
        "select ctid, xmin, * from client", "select * from client where ctid = '(0,1)'", "table client",
        "explain analyze select * from client where name = 'Ramona Uno'", "delete from client where name like 'Ramona%' returning *",
        "update client set name = name where name like 'Ramona%' returning *",
        "insert into client (profile_id, id, name, phone, label, search_name, created_at, updated_at) select profile_id, id, name, phone, label, search_name, created_at, updated_at from client where name like 'Ramona%' on conflict do nothing returning *",
        "merge into client c using (values (1)) v on c.name like 'Ramona%' when matched then update set name = 'x'",
        "select * from json_each((select row_to_json(c) from client c limit 1))", "select * from client for update skip locked",
        "declare mine cursor for select * from client; fetch all from mine", "prepare mine as select * from client; execute mine",
        "do $$ begin perform * from client where name like 'Ramona%'; if found then raise exception 'Ramona'; end if; end $$",
        "create temp table client_copy as select * from client; select * from client_copy",
        "create function pg_temp.leak(text) returns boolean language plpgsql cost 0.0000001 as $$ begin raise exception 'told %', $1; end $$; select * from client where pg_temp.leak(name)",
        "select * from client where (case when name like 'Ramona%' then 1 / (length(name) - length(name)) else 1 end) = 1",
        "select * from client where name::int = 1 or true", "select * from client where cast(substr(name, 1, 1) as int) > 0",
    ];

    [Fact]
    public async Task Neither_role_gets_at_what_is_not_its_own_whatever_it_states()
    {
        var theirs = await Neighbour.Of(app, "Ramona");
        await app.Database.Execute("analyze");
        Guid?[] tenants = [null, Guid.Empty, Guid.NewGuid()];
        var wrong = new List<string>();
        var attempts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        void Count(string role) => attempts[role] = attempts.GetValueOrDefault(role) + 1;

        foreach (var (role, statements) in ((string, string[])[])[(App, [.. ForNobody, .. NotForRequests]), (Worker, ForNobody)])
        {
            foreach (var tenant in tenants.Append(theirs.Profile).Select(id => $"{id}").Append("' or true --").Append("*"))
            {
                foreach (var sql in statements)
                {
                    Count(role);
                    if (await As(role, tenant, sql, mustBeDenied: true) is { } told) wrong.Add($"{role} of \"{tenant}\" may {sql}: {told}");
                }
            }
        }

        foreach (var tenant in tenants)
        {
            foreach (var sql in ShowsNothing)
            {
                Count(App);
                if (await As(App, $"{tenant}", sql) is { } told && told.Contains("Ramona", StringComparison.Ordinal) && !sql.StartsWith("explain", StringComparison.Ordinal))
                    wrong.Add($"{App} of \"{tenant}\" is told by {sql}: {told}");
            }
        }

        foreach (var (role, count) in attempts) TestContext.Current.TestOutputHelper?.WriteLine($"{count} attempts as {role}, {wrong.Count(one => one.StartsWith(role, StringComparison.Ordinal))} went through");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task A_tenant_that_is_no_profile_shows_no_row_of_any_table()
    {
        await Neighbour.Of(app, "Ramona");
        var tables = await app.Database.Value<string[]>(
            "select array_agg(c.relname::text) from pg_class c where c.relnamespace = 'mass_messaging'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and has_table_privilege('mass_messaging_app', c.oid, 'select') and c.relname <> 'suppression_key'");
        var wrong = new List<string>();
        foreach (var tenant in (string[])["", " ", "null", "*", "00000000-0000-0000-0000-000000000000", "' or true --", "%", "\\", "true"])
        {
            foreach (var table in tables!)
            {
                if (await As(App, tenant, $"select 1 from \"{table}\"") is { Length: > 0 } rows) wrong.Add($"\"{tenant}\" sees {table}: {rows}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{9 * tables!.Length} attempts with a tenant that is none");
        Assert.Equal([], wrong);
    }

    [Fact]
    public async Task Functions_of_the_owners_look_past_what_their_caller_put_in_their_way()
    {
        var unsafely = await app.Database.Value<string[]>("""
            select coalesce(array_agg(p.oid::regprocedure::text), '{}') from pg_proc p
            where p.pronamespace = 'mass_messaging'::regnamespace and p.prosecdef
              and not exists (select from unnest(p.proconfig) as path (setting) where path.setting like 'search_path=%pg_temp')
            """);
        Assert.Empty(unsafely!);

        var mine = Guid.NewGuid();
        var shadow = "create function pg_temp.evil() returns uuid language plpgsql as $$ begin raise exception 'ran as %', current_user; end $$; "
            + "create temp view client as select pg_temp.evil() as profile_id, pg_temp.evil() as id, ''::text as search_name, ''::text as phone, ''::text as email, ''::text as label; "
            + $"select count(*) from client_search('{mine}', 'a'::tsquery, '{{}}', null, '{{}}', null, null, null, 10)";
        Assert.Equal("0", await As(App, $"{mine}", shadow));

        var message = "create temp table message (queue text, type text, key text, body jsonb, due_at timestamptz, scheduled_for timestamptz, sent_at timestamptz, actor text, correlation_id text, causation_id text); "
            + $$"""select send_messages(array['none'], array['none'], array[null], array[false], array['{"profileId":"{{mine}}"}'], array[now()], now(), 'spec', null, null); select count(*) from pg_temp.message""";
        Assert.EndsWith("0", await As(App, $"{mine}", message), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_view_lends_its_readers_its_owners_rights() => Assert.Empty((await app.Database.Value<string[]>("""
        select coalesce(array_agg(c.relname::text), '{}') from pg_class c
        where c.relnamespace = 'mass_messaging'::regnamespace and c.relkind in ('v', 'm') and not coalesce(c.reloptions @> '{security_invoker=true}', false)
        """))!);

    /// <summary>All that it was told, its errors too; null: refused. Undone in any case.</summary>
    private async Task<string?> As(string role, string tenant, string sql, bool mustBeDenied = false)
    {
        await using var connection = await app.Database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var enter = new NpgsqlCommand("select set_config('role', @role, true), set_config('app.tenant_id', @tenant, true), set_config('statement_timeout', '10s', true)", connection);
        enter.Parameters.AddWithValue("role", role);
        enter.Parameters.AddWithValue("tenant", tenant);
        await enter.ExecuteNonQueryAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        try
        {
            var told = new List<string>();
            await using var reader = await command.ExecuteReaderAsync();
            do
            {
                while (await reader.ReadAsync()) told.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(field => $"{reader.GetValue(field)}")));
            }
            while (await reader.NextResultAsync());
            return string.Join('\n', told);
        }
        catch (PostgresException refused)
        {
            if (refused.SqlState == PostgresErrorCodes.DivisionByZero) return "Ramona, by an error that only her row makes";
            return mustBeDenied && !Refusals.Contains(refused.SqlState) || refused.MessageText.Contains("Ramona", StringComparison.Ordinal) ? $"{refused.SqlState} {refused.MessageText}" : null;
        }
    }
}
