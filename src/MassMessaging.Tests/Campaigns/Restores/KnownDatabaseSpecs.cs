using MassMessaging.Campaigns.Restores;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns.Restores;

/// <summary>By what a restored database is known.</summary>
public sealed class KnownDatabaseSpecs(TestCluster cluster) : RestoredRun(cluster)
{
    [Fact]
    public async Task Nothing_goes_out_of_a_database_that_is_not_the_known_one()
    {
        var campaign = await Launched();
        await Restored();

        await Drain();

        Assert.Empty(App.Simulator.Ledger.Entries);
        Assert.Equal("sending", (await Advisor.Get(campaign))["status"].GetString());
    }

    [Fact]
    public async Task A_service_that_was_gone_for_long_without_leaving_is_taken_for_a_copy_of_its_files()
    {
        var campaign = await Launched();
        await App.Database.Execute("update known_database set alive_at = now() - interval '2 hours', is_stopped = false");

        await Guard().AtStart(CancellationToken.None);

        Assert.Equal(("paused", "restored"), await Status(campaign));
    }

    [Theory]
    [InlineData("now() - interval '50 minutes'", false)] // a machine that was down
    [InlineData("now() - interval '2 days'", true)] // switched off in good order
    public async Task Other_silences_mean_nothing(string aliveAt, bool isStopped)
    {
        var campaign = await Launched();
        await App.Database.Execute($"update known_database set alive_at = {aliveAt}, is_stopped = {isStopped}");

        await Guard().AtStart(CancellationToken.None);

        Assert.Equal(("sending", null), await Status(campaign));
    }

    [Fact]
    public async Task An_operators_word_is_enough()
    {
        var campaign = await Launched();

        Assert.Equal(2, await RestoredCommand.Run(["yesterday"], App.Services, CancellationToken.None));
        Assert.Equal(0, await RestoredCommand.Run(["--at", "2026-03-02T03:00:00Z"], App.Services, CancellationToken.None));
        await Drain();
        Assert.Empty(App.Simulator.Ledger.Entries);

        Assert.True(await Hold());
        Assert.Equal(("paused", "restored"), await Status(campaign));
        Assert.Equal(new DateTime(2026, 3, 2, 3, 0, 0), await App.Database.Value<DateTime>("select lost_from from campaign_restore"));
    }
}
