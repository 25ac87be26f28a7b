using MassMessaging.Campaigns;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Operations;

namespace MassMessaging.Tests.Kernel;

/// <summary>Rebuilds while messages go out: each attempted, sent, delivered and read, in group commits as the sender makes them.</summary>
public sealed class RebuildUnderLoadSpecs(TestCluster cluster)
{
    private const int Together = 100;

    /// <param name="messages">In the full size as many as go out in a minute at 1,000 a second.</param>
    [Theory]
    [Sizes(2_000, 60_000)]
    public async Task Rebuilt_while_messages_go_out_views_equal_the_live_rows(int messages)
    {
        await using var database = await TestDatabase.Create(cluster);
        await using var host = await KernelHost.Start(database, declare: Features.Declare, rebuild: new RebuildOptions(CheckpointEvents: 5_000, MostRows: 500));
        var profiles = Enumerable.Range(0, 4).Select(_ => Guid.NewGuid()).ToArray();
        var names = await ViewRows.Names(host.Views);

        var sending = Task.WhenAll(profiles.Select(profile => Task.Run(() => Send(host, profile, messages / profiles.Length))));
        for (var round = 0; round == 0 || !sending.IsCompleted; round++)
        {
            await host.Rebuild.Run(names, round % 3 == 2 ? profiles[round % profiles.Length] : null, default);
            await host.Views.CatchUp(default);
        }

        await sending;
        await host.Views.CatchUp(default);
        var tables = await ViewRows.Tables(host.Views);
        var live = await ViewRows.Of(database, tables);
        foreach (var table in tables) await database.Execute($"truncate {table}");
        await host.Rebuild.Run(names, null, default);

        Assert.Equal(live, await ViewRows.Of(database, tables));
        Assert.Equal(messages, await database.Value<long>("select sum(read)::bigint from campaign_counters"));
        Assert.Equal(messages, await database.Value<long>("select count(*) from campaign_audience where status = 'read'"));
    }

    // 250 a second of each of four profiles, as far as the machine keeps up: nothing here depends on that it does.
    private static async Task Send(KernelHost host, Guid profile, int messages)
    {
        var campaign = Guid.CreateVersion7();
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(Together / 250.0));
        for (var sent = 0; sent < messages; sent += Together)
        {
            await pace.WaitForNextTickAsync();
            var members = Enumerable.Range(0, Math.Min(Together, messages - sent)).Select(_ => new StreamKey(profile, Guid.CreateVersion7())).ToList();
            var at = host.Store.Clock.GetUtcNow();
            await Commit(host, members, 0, member => [new MessageQueued(campaign, member.Id), new MessageAttempted(campaign, member.Id, at)]);
            await Commit(host, members, 2, member => [new MessageSent(campaign, member.Id, at, MemberStatus.Sending)]);
            await Commit(host, members, 3, _ => [new MessageDelivered(campaign, at, MemberStatus.Sent), new MessageRead(campaign, at, MemberStatus.Delivered)]);
        }
    }

    private static async Task Commit(KernelHost host, List<StreamKey> members, long version, Func<StreamKey, object[]> events)
    {
        await using var session = host.Store.Open(Origin.System);
        foreach (var member in members) session.Append(member, version, events(member));
        await session.Commit(default);
    }
}
