using MassMessaging.Campaigns.Doubts;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Campaigns.Doubts;

/// <summary>What the gateway kept settles a doubt; what it did not keep settles nothing. Over real HTTP.</summary>
public sealed class ReconcileSpecs(TestCluster cluster) : IAsyncLifetime
{
    private TestApp app = null!;
    private Advisor advisor = null!;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.Start(
            cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });
        advisor = await Advisor.Of(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task A_message_that_the_gateway_took_before_the_line_broke_is_found_and_its_receipts_count()
    {
        var campaign = await InDoubt(FaultKind.CloseAfter, "Ana");

        Assert.Equal(1, await Ask());
        await app.Settle();

        var row = await advisor.Get(campaign);
        Assert.Equal((0, 1, "sent"), (row["inDoubtCount"].GetInt32(), row["readCount"].GetInt32(), row["status"].GetString()));
        var member = (await advisor.Get($"{campaign}/audience")).Body[0];
        Assert.Equal(app.Simulator.Ledger.Entries.Single().KeyId, member.GetProperty("gatewayMessageId").GetString());
    }

    [Theory]
    [InlineData(FaultKind.CloseBefore, 0)]
    [InlineData(FaultKind.TimedOutAfter, 1)] // it left, and the gateway has no row of it
    public async Task What_the_gateway_does_not_know_stays_in_doubt_and_is_never_sent_again(FaultKind fault, int sent)
    {
        var campaign = await InDoubt(fault, "Ana");

        Assert.Equal(0, await Ask());
        await app.Settle();

        Assert.Equal(1, (await advisor.Get(campaign))["inDoubtCount"].GetInt32());
        Assert.Equal(sent, app.Simulator.Ledger.Entries.Count);
    }

    [Fact]
    public async Task The_same_words_to_the_same_person_by_two_campaigns_settle_neither()
    {
        var first = await InDoubt(FaultKind.CloseAfter, "Ana");
        app.Simulator.Faults.Set(new Fault(FaultKind.CloseBefore, Times: 1));
        var second = $"/api/campaigns/{await advisor.HasDraft(new { all = true })}";
        await Send(second);

        Assert.Equal(0, await Ask());

        Assert.Equal(1, (await advisor.Get(first))["inDoubtCount"].GetInt32());
        Assert.Equal(1, (await advisor.Get(second))["inDoubtCount"].GetInt32());
    }

    [Fact]
    public async Task A_message_that_is_known_to_be_another_ones_is_no_evidence()
    {
        var campaign = await InDoubt(FaultKind.CloseAfter, "Ana");
        await app.Database.Execute(
            "insert into gateway_message (instance, gateway_id, profile_id, member_id, message_id, created_at) "
            + $"select instance, '{app.Simulator.Ledger.Entries.Single().KeyId}', profile_id, gen_random_uuid(), gen_random_uuid(), now() from whatsapp_config "
            + "on conflict (instance, gateway_id) do update set member_id = excluded.member_id, message_id = excluded.message_id");

        Assert.Equal(0, await Ask());

        Assert.Equal(1, (await advisor.Get(campaign))["inDoubtCount"].GetInt32());
    }

    [Fact]
    public async Task A_doubt_is_asked_about_less_and_less_often()
    {
        await InDoubt(FaultKind.CloseBefore, "Ana");
        await Ask();
        var first = await app.Database.Value<TimeSpan>("select due_at - now() from member_doubt");
        await Ask();

        Assert.InRange(first, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15));
        Assert.Equal(1, await app.Database.Value<int>("select asked from member_doubt")); // not due yet
        await app.Database.Execute("update member_doubt set due_at = '-infinity'");
        await Ask();
        Assert.InRange(await app.Database.Value<TimeSpan>("select due_at - now() from member_doubt"), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30));
    }

    private async Task<string> InDoubt(FaultKind fault, params string[] names)
    {
        foreach (var name in names) await advisor.HasClient(name);
        var campaign = $"/api/campaigns/{await advisor.HasDraft(new { all = true })}";
        app.Simulator.Faults.Set(new Fault(fault, Times: names.Length));
        await Send(campaign);
        Assert.Equal(names.Length, (await advisor.Get(campaign))["inDoubtCount"].GetInt32());
        return campaign;
    }

    private async Task Send(string campaign)
    {
        await advisor.Post("/api/whatsapp/connect");
        await app.Settle();
        await app.Database.Execute("update lane set held_until = null, next_at = '-infinity'");
        await advisor.Post($"{campaign}/send");
        await app.Settle();
        await app.Database.Execute("update lane set held_until = null, next_at = '-infinity'");
        await app.Settle();
    }

    private Task<int> Ask() => app.Services.GetRequiredService<ReconcileDoubts>().RunOnce(CancellationToken.None);
}
