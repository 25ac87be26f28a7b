using MassMessaging.Campaigns;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Kernel;
using MassMessaging.Tests.Operations;
using Npgsql;

namespace MassMessaging.Tests.Crash;

/// <summary>The program's command <c>views rebuild</c> as a process, on a log of several portions.</summary>
[Collection(nameof(RealProcesses))]
public sealed class KilledRebuildSpecs(TestCluster cluster) : IAsyncLifetime
{
    private const int Members = 4_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private TestDatabase database = null!;
    private KernelHost host = null!;
    private IReadOnlyList<string> tables = [];
    private string live = "";

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Create(cluster);
        host = await KernelHost.Start(database, declare: Features.Declare);
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Killed_in_the_middle_it_goes_on_where_its_rows_were_kept_and_nobody_is_told_or_messaged()
    {
        await IsDamaged();
        // The second time that rows are kept waits, in the transaction that writes them, for a lock that the spec holds.
        await database.Execute("""
            create function hold() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(42); return new; end $$;
            create trigger hold before update on view_rebuild for each row when (new.position > 6000) execute function hold();
            """);
        await using (var killed = Run("views", "rebuild", "all"))
        {
            await using var holding = await database.DataSource.OpenConnectionAsync();
            await Execute(holding, "select pg_advisory_lock(42)");
            await Eventually.True(
                async () => killed.HasExited || await database.Value<long>("select count(*) from pg_locks where locktype = 'advisory' and objid = 42 and not granted") > 0,
                Patience, "rows are about to be kept again");
            Assert.False(killed.HasExited, killed.Output);
            await killed.Kill9();
            await Execute(holding, "select pg_advisory_unlock(42)");
        }

        await Eventually.True(
            async () => await database.Value<long>("select count(*) from pg_locks where locktype = 'advisory'") == 0, Patience, "the dead process has given up its locks");
        await database.Execute("drop trigger hold on view_rebuild");
        var left = await database.Value<long>("select min(position) from view_rebuild where state = 'running'");
        Assert.InRange(left, 1, 6_000);

        await using var second = Run("views", "rebuild", "all");
        Assert.True(await second.Ended() == 0, second.Output);

        Assert.Contains("campaign-counters: done", second.Output, StringComparison.Ordinal);
        Assert.All(await host.Rebuild.All(default), rebuild => Assert.Equal(("done", 1, "command"), (rebuild.State, rebuild.Resumed, rebuild.Actor)));
        Assert.Equal(live, await ViewRows.Of(database, tables));
        Assert.Equal(0, await database.Value<long>("select (select count(*) from message) + (select count(*) from notification) + (select count(*) from gateway_message)"));
        Assert.Equal(0, await database.Value<long>("select count(*) from pg_tables where schemaname = current_schema() and tablename like '%rebuild_%'"));
    }

    [Fact]
    public async Task Ctrl_C_cancels_it_and_the_rows_stay()
    {
        await IsDamaged();
        var damaged = await ViewRows.Of(database, tables);
        await using var holding = await database.DataSource.OpenConnectionAsync();
        await Execute(holding, $"begin; lock table {string.Join(", ", tables)} in access share mode");
        await using var cancelled = Run("views", "rebuild", "campaign-audience");
        await Eventually.True(
            async () => cancelled.HasExited || await database.Value<long>("select coalesce(max(position), 0) from view_rebuild") > 0, Patience, "it works");
        Assert.False(cancelled.HasExited, cancelled.Output);

        Assert.True(await cancelled.Interrupt() == 130, cancelled.Output);

        Assert.Equal("cancelled", (await host.Rebuild.Progress("campaign-audience", null, default))?.State);
        Assert.Null(await database.Value<string>("select to_regclass('campaign_audience_rebuild')::text"));
        Assert.Equal(damaged, await ViewRows.Of(database, tables));
    }

    [Fact]
    public async Task What_it_does_not_know_it_says()
    {
        await using var unknown = Run("views", "rebuild", "nothing");
        Assert.Equal(2, await unknown.Ended());
        await using var list = Run("views", "list");
        Assert.Equal(0, await list.Ended());

        Assert.Contains("There is no view nothing. There are: ", unknown.Output, StringComparison.Ordinal);
        Assert.Contains("campaign-counters", list.Output, StringComparison.Ordinal);
    }

    private ServiceProcess Run(params string[] words) => ServiceProcess.Launch(
        new Dictionary<string, string> { ["ConnectionStrings__Postgres"] = database.ConnectionString, ["REBUILD_KEEPS_AFTER"] = "100" },
        ServiceProcess.FreePort(), words);

    private async Task IsDamaged()
    {
        await Send();
        await host.Views.CatchUp(default);
        tables = await ViewRows.Tables(host.Views);
        live = await ViewRows.Of(database, tables);
        await database.Execute("delete from campaign_counters; update campaign_audience set reason = 'damaged'");
    }

    private async Task Send()
    {
        var (profile, at) = (Guid.NewGuid(), host.Store.Clock.GetUtcNow());
        foreach (var members in Enumerable.Range(0, Members).Chunk(1_000))
        {
            var campaign = Guid.CreateVersion7();
            await using var session = host.Store.Open(Origin.System);
            foreach (var member in members.Select(_ => new StreamKey(profile, Guid.CreateVersion7())))
            {
                session.Append(
                    member, 0, new MessageQueued(campaign, member.Id), new MessageAttempted(campaign, member.Id, at),
                    new MessageSent(campaign, member.Id, at, MemberStatus.Sending), new MessageDelivered(campaign, at, MemberStatus.Sent));
            }

            await session.Commit(default);
        }
    }

    private static async Task Execute(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
