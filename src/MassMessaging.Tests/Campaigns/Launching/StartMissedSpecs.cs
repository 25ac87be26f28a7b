using System.Net;
using System.Text.Json;
using MassMessaging.Campaigns;
using MassMessaging.Campaigns.Launching;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Campaigns.Launching;

/// <summary>A scheduled start that falls due late: within the grace it starts, beyond it a person decides.</summary>
public sealed class StartMissedSpecs(TestCluster cluster) : IAsyncLifetime
{
    private static readonly StartGrace Hour = new(TimeSpan.FromHours(1));
    private readonly FakeTimeProvider clock = new(Facts.Noon);
    private TestApp app = null!;

    public async ValueTask InitializeAsync() => app = await TestApp.Start(
        cluster, new TestAppOptions { Clock = clock, Settings = new Dictionary<string, string> { ["START_GRACE_MINUTES"] = "5" } });

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public void Within_the_grace_it_starts(int minutes) => Assert.Equal(
        [new CampaignLaunched(Facts.Content)], Decide(minutes, hasAudience: true).Events);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Later_it_is_paused(bool hasAudience) =>
        Assert.Equal([new CampaignPaused("start-missed")], Decide(61, hasAudience).Events);

    [Fact]
    public void Without_anybody_in_the_audience_it_has_failed() => Assert.Equal(
        [new CampaignCompleted(CampaignStatus.Failed, "audience-empty")], Decide(0, hasAudience: false).Events);

    [Fact]
    public void Before_its_time_it_waits_on()
    {
        var decision = Decide(-1, hasAudience: true);

        Assert.Empty(decision.Events);
        Assert.Equal([Facts.Start(Facts.Noon)], decision.Messages);
    }

    [Fact]
    public async Task A_start_that_is_a_little_late_is_made_up_for()
    {
        var (advisor, path) = await Scheduled(new { all = true });

        await Pass(TimeSpan.FromMinutes(14));

        Assert.Equal("sending", (await advisor.Get(path))["status"].GetString());
    }

    [Fact]
    public async Task A_missed_start_is_paused_told_and_launched_by_a_person()
    {
        var (advisor, path) = await Scheduled(new { all = true });

        await Pass(TimeSpan.FromMinutes(16));

        var paused = await advisor.Get(path);
        Assert.Equal(("paused", "start-missed", 0), (paused["status"].GetString(), paused["statusReason"].GetString(), paused["totalRecipients"].GetInt32()));
        Assert.Equal(JsonValueKind.Null, paused["startedAt"].ValueKind);
        Assert.Equal(1, await Told("start-missed"));
        (await advisor.Post($"{path}/send")).Is(HttpStatusCode.Conflict, "campaign-not-launchable");
        var resumed = await advisor.Post($"{path}/resume");
        resumed.Is(HttpStatusCode.OK);
        Assert.Equal(("sending", "launching"), (resumed["status"].GetString(), resumed["statusReason"].GetString()));
        await Pass(TimeSpan.Zero);
        Assert.Equal((1, 1), ((await advisor.Get(path))["totalRecipients"].GetInt32(), await Frozen()));
    }

    [Fact]
    public async Task A_missed_start_is_not_made_up_for_when_nobody_is_in_the_audience()
    {
        var (advisor, path) = await Scheduled(new { labels = new[] { "afiliado" } });
        await Pass(TimeSpan.FromMinutes(16));

        (await advisor.Post($"{path}/resume")).Is(HttpStatusCode.Conflict, "audience-empty");

        Assert.Equal("paused", (await advisor.Get(path))["status"].GetString());
    }

    [Fact]
    public async Task A_missed_start_gets_another_time()
    {
        var (advisor, path) = await Scheduled(new { all = true });
        await Pass(TimeSpan.FromMinutes(16));

        var moved = await advisor.Post($"{path}/schedule", new { scheduledAt = clock.GetUtcNow().AddMinutes(10) });
        Assert.Equal(("scheduled", JsonValueKind.Null), (moved["status"].GetString(), moved["statusReason"].ValueKind));
        await Pass(TimeSpan.FromMinutes(10));

        Assert.Equal("sending", (await advisor.Get(path))["status"].GetString());
    }

    [Fact]
    public async Task A_start_for_nobody_has_failed_and_is_told()
    {
        var (advisor, path) = await Scheduled(new { labels = new[] { "afiliado" } });

        await Pass(TimeSpan.FromMinutes(10));

        var row = await advisor.Get(path);
        Assert.Equal(("failed", "audience-empty"), (row["status"].GetString(), row["statusReason"].GetString()));
        Assert.Equal(1, await Told("campaign-failed"));
    }

    private static Decision.Accepted Decide(int minutesLate, bool hasAudience) => StartCampaignHandler.Decide(
        Facts.Scheduled.State, Facts.Key, Facts.Noon.AddMinutes(minutesLate), Hour, hasAudience);

    private async Task<(Advisor Advisor, string Path)> Scheduled(object audience)
    {
        var advisor = await Advisor.Of(app);
        await advisor.HasClient("Ana");
        var path = $"/api/campaigns/{await advisor.HasDraft(audience)}";
        (await advisor.Post($"{path}/schedule", new { scheduledAt = clock.GetUtcNow().AddMinutes(10) })).Is(HttpStatusCode.OK);
        return (advisor, path);
    }

    /// <summary>Then does what is due, without sending.</summary>
    private async Task Pass(TimeSpan time)
    {
        clock.Advance(time);
        await app.Services.GetRequiredService<KernelDrain>().Drain(CancellationToken.None);
    }

    private Task<long> Told(string code) => app.Database.Value<long>($"select count(*) from notification where code = '{code}'");

    private Task<long> Frozen() => app.Database.Value<long>("select count(*) from campaign_frozen");
}
