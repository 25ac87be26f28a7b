using System.Net;
using MassMessaging.Campaigns;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Campaigns;

/// <summary>What the advisor is told of campaigns and their lane, through the real service and the simulated gateway.</summary>
public sealed class NoticesSpecs(NoticesSpecs.Setup setup, TestCluster cluster) : IClassFixture<NoticesSpecs.Setup>, IDisposable
{
    private readonly TestApp app = setup.App;

    public void Dispose() => app.Simulator.Faults.Clear();

    public sealed class Setup(TestCluster cluster) : IAsyncLifetime
    {
        public TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await TestApp.Start(
            cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }

    [Fact]
    public async Task A_campaign_that_was_sent_is_told_by_its_name_and_names_no_client()
    {
        var (advisor, campaign) = await Sent(null);

        var row = Assert.Single((await advisor.Get("/api/notifications")).Body.EnumerateArray());

        Assert.Equal("campaign-sent", row.GetProperty("code").GetString());
        Assert.Equal(campaign, row.GetProperty("campaignId").GetGuid());
        Assert.Contains("«Marzo»", row.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Ana", row.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FaultKind.NotOnWhatsapp, "campaign-failed")]
    [InlineData(FaultKind.CloseAfter, "campaign-in-doubt")]
    [InlineData(FaultKind.Unauthorized, "campaign-paused")]
    public async Task One_that_needs_a_person_is_told(FaultKind fault, string code)
    {
        var (advisor, campaign) = await Sent(new Fault(fault));

        var row = Assert.Single((await advisor.Get("/api/notifications?unread=true")).Body.EnumerateArray());

        Assert.Equal((code, campaign), (row.GetProperty("code").GetString(), row.GetProperty("campaignId").GetGuid()));
    }

    [Fact]
    public async Task What_a_person_does_is_not_told()
    {
        var (advisor, campaign) = await Sent(new Fault(FaultKind.ConnectionClosed));

        (await advisor.Post($"/api/campaigns/{campaign}/pause")).Is(HttpStatusCode.OK);
        (await advisor.Post($"/api/campaigns/{campaign}/cancel")).Is(HttpStatusCode.OK);
        await app.Drain();

        Assert.Empty(await Codes(advisor));
    }

    [Fact]
    public async Task A_scheduled_start_with_nobody_left_is_told()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var own = await TestApp.Start(cluster, new TestAppOptions { Clock = clock });
        var advisor = await Advisor.Of(own);
        var campaign = await advisor.HasDraft();
        (await advisor.Post($"/api/campaigns/{campaign}/schedule", new { scheduledAt = clock.GetUtcNow().AddMinutes(10) })).Is(HttpStatusCode.OK);

        clock.Advance(TimeSpan.FromMinutes(10));
        await own.Drain();

        Assert.Equal(["campaign-failed"], await Codes(advisor));
    }

    [Fact]
    public async Task A_lane_that_is_held_again_and_again_is_told_once_and_then_that_it_goes_on()
    {
        var (advisor, _) = await Sent(new Fault(FaultKind.ConnectionClosed));
        Assert.Empty(await Codes(advisor));

        for (var tried = 0; tried < 7; tried++) await TryAgain();
        Assert.Equal(["lane-held"], await Codes(advisor));

        app.Simulator.Faults.Clear();
        await TryAgain();
        Assert.Equal(["campaign-sent", "lane-goes-on", "lane-held"], (await Codes(advisor)).Order());
    }

    [Fact]
    public async Task A_lane_that_comes_back_at_once_is_not_told()
    {
        var (advisor, _) = await Sent(new Fault(FaultKind.TooMany, Times: 1));

        await TryAgain();

        Assert.Equal(["campaign-sent"], await Codes(advisor));
    }

    [Theory]
    [InlineData(CampaignStatus.Sent, null, "campaign-sent")]
    [InlineData(CampaignStatus.Sent, "in-doubt", "campaign-in-doubt")]
    [InlineData(CampaignStatus.Failed, "audience-empty", "campaign-failed")]
    [InlineData(CampaignStatus.Failed, "not-on-whatsapp", "campaign-failed")]
    public void Every_end_has_its_words(CampaignStatus status, string? reason, string code)
    {
        var told = CampaignNotices.Of("Abril {0} «x»", new CampaignCompleted(status, reason));

        Assert.Equal(code, told.Code);
        Assert.Contains("«Abril {0} «x»»", told.Text, StringComparison.Ordinal);
    }

    private async Task<(Advisor Advisor, Guid Campaign)> Sent(Fault? fault)
    {
        var advisor = await Advisor.Of(app);
        await advisor.HasClient("Ana");
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        var campaign = await advisor.HasDraft(new { all = true });
        if (fault is not null) app.Simulator.Faults.Set(fault);
        await advisor.Post($"/api/campaigns/{campaign}/send");
        await app.Settle();
        return (advisor, campaign);
    }

    private async Task TryAgain()
    {
        await app.Database.Execute("update lane set held_until = null");
        await app.Settle();
    }

    private static async Task<IEnumerable<string>> Codes(Advisor advisor) =>
        (await advisor.Get("/api/notifications")).Body.EnumerateArray().Select(row => row.GetProperty("code").GetString()!);
}
