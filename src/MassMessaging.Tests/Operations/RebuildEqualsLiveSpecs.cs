using FsCheck.Fluent;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Kernel;

namespace MassMessaging.Tests.Operations;

/// <summary>The views of the whole product, whatever features register, against themselves built anew.</summary>
public sealed class RebuildEqualsLiveSpecs(TestCluster cluster)
{
    // A page, a checkpoint and memory of a few events and rows show what a large log would.
    private static readonly RebuildOptions[] Options =
        [new(), new(CheckpointEvents: 1), new(CheckpointEvents: 40, MostRows: 1), new(MostRows: 3)];

    [Fact]
    public async Task Whatever_happened_a_rebuild_gives_the_live_rows_to_the_byte()
    {
        foreach (var (options, seed) in Options.Zip(Gen.Sample(Gen.Choose(0, 1_000_000), Options.Length)))
        {
            await using var database = await TestDatabase.Create(cluster);
            await using var host = await KernelHost.Start(database, declare: Features.Declare, rebuild: options);
            var history = new RandomHistory(seed, host.Get<EventRegistry>());
            await history.Append(host.Store, sessions: 40);
            await host.Views.CatchUp(default);
            var (names, tables) = (await ViewRows.Names(host.Views), await ViewRows.Tables(host.Views));
            var live = await ViewRows.Of(database, tables);

            foreach (var table in tables) await database.Execute($"delete from {table} where ctid in (select ctid from {table} limit 5)");
            await host.Rebuild.Run(names, null, default);
            Assert.True(live == await ViewRows.Of(database, tables), $"whole, seed {seed}");

            // One profile's part: what is damaged there is made good.
            foreach (var table in tables) await database.Execute($"delete from {table} where profile_id = '{history.Profiles[0]}'");
            await host.Rebuild.Run(names, history.Profiles[0], default);
            Assert.True(live == await ViewRows.Of(database, tables), $"part, seed {seed}");

            // The rows go on from there.
            await history.Append(host.Store, sessions: 10);
            await host.Views.CatchUp(default);
            live = await ViewRows.Of(database, tables);
            await host.Rebuild.Run(names, null, default);
            Assert.True(live == await ViewRows.Of(database, tables), $"again, seed {seed}");
        }
    }

    [Fact]
    public async Task A_rebuild_of_one_profile_leaves_the_others_alone()
    {
        await using var database = await TestDatabase.Create(cluster);
        await using var host = await KernelHost.Start(database, declare: Features.Declare);
        var history = new RandomHistory(7, host.Get<EventRegistry>());
        await history.Append(host.Store, sessions: 40);
        await host.Views.CatchUp(default);
        var (names, tables) = (await ViewRows.Names(host.Views), await ViewRows.Tables(host.Views));
        var own = history.Profiles[1];
        foreach (var table in tables) await database.Execute($"delete from {table} where profile_id <> '{own}'");
        var live = await ViewRows.Of(database, tables);
        Assert.Contains($"{own}", live, StringComparison.Ordinal);
        foreach (var table in tables) await database.Execute($"delete from {table}");

        await host.Rebuild.Run(names, own, default);

        Assert.Equal(live, await ViewRows.Of(database, tables));
    }
}
