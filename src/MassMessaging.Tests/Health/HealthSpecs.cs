using System.Net;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Idempotency;
using Npgsql;

namespace MassMessaging.Tests.Health;

public sealed class HealthSpecs(TestApp app) : IClassFixture<TestApp>, IAsyncLifetime
{
    private readonly HttpClient client = app.Anonymous();

    /// <summary>This app does no work itself: to it, another node does.</summary>
    public async ValueTask InitializeAsync() => await app.Database.Execute(
        "insert into node (id, name, started_at, seen_at) values ('00000000-0000-0000-0000-000000000001', 'worker:1', now(), now() + interval '1 day') on conflict do nothing");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_service_with_its_database_is_live_and_ready()
    {
        Assert.Equal("healthy", (await client.Get("/health/live")).GetProperty("status").GetString());
        Assert.Equal("healthy", (await client.Get("/health/ready")).GetProperty("status").GetString());
    }

    [Fact]
    public Task A_service_whose_migrations_are_pending_is_not_ready() => While(
        "delete from migration where name = '0010_profiles'", "insert into migration (name, applied_at) values ('0010_profiles', now())",
        () => IsNotReady("Migrations are pending: 0010_profiles."));

    [Fact]
    public Task A_database_without_any_tables_waits_for_its_migrations() => While(
        "alter table migration rename to elsewhere", "alter table elsewhere rename to migration", () => IsNotReady("Migrations are pending: "));

    [Fact]
    public Task A_newer_version_s_migrations_degrade_an_older_node_which_goes_on() => While(
        "insert into migration (name, applied_at) values ('9999_from_the_future', now())", "delete from migration where name = '9999_from_the_future'",
        () => IsDegraded("The database was migrated by a newer version: 9999_from_the_future."));

    [Fact]
    public Task A_view_that_stands_still_is_told() => While(
        "insert into view_stop (name, seq_id, error, at) values ('campaign-counters', 17, 'unknown event', now())", "delete from view_stop",
        () => IsDegraded("The view campaign-counters stands still before event 17."));

    [Fact]
    public Task Lanes_that_wait_for_the_gateway_are_told_once_for_all() => While(
        """
        insert into lane (profile_id, next_at, held_by, held_until)
        select gen_random_uuid(), now(), reason, now() + interval '1 day' from unnest(array['gateway-unreachable', 'gateway-unsure', 'throttled']) as r (reason)
        """,
        "delete from lane", () => IsDegraded("The gateway does not answer, or is not sure: 2 lanes wait for it."));

    [Fact]
    public Task Without_a_worker_that_lives_nothing_is_sent() => While(
        "update node set seen_at = now() - interval '5 seconds'", "update node set seen_at = now() + interval '1 day'",
        () => IsDegraded("No worker has been seen for 4 s: nothing is sent."));

    [Fact]
    public async Task A_storm_of_probes_of_a_database_that_hangs_is_answered_and_costs_one_connection()
    {
        await using (await Held.By(app.Database, "lock table migration in access exclusive mode"))
        {
            var storm = Enumerable.Range(0, 50).Select(_ => client.GetAsync("/health/ready")).ToList();
            await Held.Waiting(app.Database);
            Assert.Equal(1, await app.Database.Value<long>(
                "select count(*) from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database()"));
            Assert.Equal("healthy", (await client.Get("/health/live")).GetProperty("status").GetString());
            foreach (var answer in await Task.WhenAll(storm)) Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }

        await Eventually.True(async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode, TimeSpan.FromSeconds(30), "it is ready again");
    }

    [Fact]
    public async Task Without_a_database_it_is_live_and_not_ready_until_the_database_is_back()
    {
        var own = new NpgsqlConnectionStringBuilder(app.Database.ConnectionString);
        await using var server = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(own.ConnectionString) { Database = "postgres" });
        await Execute(server, $"alter database {own.Database} with allow_connections false");
        try
        {
            await Execute(server, $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{own.Database}'");

            await IsNotReady("The database cannot be reached.");
        }
        finally
        {
            await Execute(server, $"alter database {own.Database} with allow_connections true");
            app.Database.DataSource.Clear(); // its connections were ended, too
        }

        await Eventually.True(async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode, TimeSpan.FromSeconds(30), "it is ready again");
    }

    private async Task While(string sql, string undo, Func<Task> check)
    {
        await app.Database.Execute(sql);
        try
        {
            await check();
        }
        finally
        {
            await app.Database.Execute(undo);
        }
    }

    private async Task IsNotReady(string reason)
    {
        using var answer = await client.GetAsync("/health/ready");
        var told = await answer.Json();
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unhealthy"), (answer.StatusCode, told.GetProperty("status").GetString()));
        Assert.StartsWith(reason, told.GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal("healthy", (await client.Get("/health/live")).GetProperty("status").GetString());
    }

    private async Task IsDegraded(string reason)
    {
        var told = await client.Get("/health/ready"); // 200
        Assert.Equal("degraded", told.GetProperty("status").GetString());
        Assert.Equal(reason, Assert.Single(told.GetProperty("reasons").EnumerateArray()).GetString());
    }

    private static async Task Execute(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
