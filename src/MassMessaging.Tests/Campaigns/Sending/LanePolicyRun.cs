using System.Net;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Campaigns.Sending;

/// <summary>
/// What holds a lane above its rate, through the real service: seen from outside, and ending by itself. Ten minutes to midnight.
/// </summary>
public abstract class LanePolicyRun(TestCluster cluster) : IAsyncLifetime
{
    protected FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 23, 50, 0, TimeSpan.Zero));

    protected TestApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync() => App = await TestApp.Start(cluster, new TestAppOptions { Clock = Clock });

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected int Taken => App.Simulator.Ledger.Entries.Count;

    protected int Asked => App.Simulator.Ledger.Received.Count;

    protected async Task<(Advisor Advisor, string Campaign)> Draft(int clients, object pacing)
    {
        var advisor = await Advisor.Of(App);
        (await advisor.Put("/api/profile", new { timeZone = "UTC" })).Is(HttpStatusCode.OK);
        for (var client = 0; client < clients; client++) await advisor.HasClient($"Cliente {client}");
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        await App.Settle();
        (await advisor.Put("/api/whatsapp/pacing", new { jitter = 0, burst = 10, maxInFlight = 10 })).Is(HttpStatusCode.OK);
        (await advisor.Put("/api/whatsapp/pacing", pacing)).Is(HttpStatusCode.OK);
        return (advisor, $"/api/campaigns/{await advisor.HasDraft(new { all = true })}");
    }

    protected async Task<(Advisor Advisor, string Campaign)> Sent(int clients, object pacing)
    {
        var (advisor, campaign) = await Draft(clients, pacing);
        (await advisor.Post($"{campaign}/send")).Is(HttpStatusCode.Accepted);
        await App.Drain();
        return (advisor, campaign);
    }

    protected async Task Passes(TimeSpan time, Func<Task>? then = null)
    {
        Clock.Advance(time);
        if (then is not null) await then();
        await App.Drain();
    }

    protected static async Task IsHeld(Advisor advisor, string campaign, string by, string? until)
    {
        await IsHeldInCampaign(advisor, campaign, by, until);
        var lane = await advisor.Get("/api/whatsapp/lane");
        Assert.Equal(("held", by, until), (lane["state"].GetString(), lane["heldBy"].GetString(), lane["until"].GetString()));
    }

    protected static async Task IsHeldInCampaign(Advisor advisor, string campaign, string by, string? until)
    {
        var row = await advisor.Get(campaign);
        Assert.Equal(("sending", by, until), (row["status"].GetString(), row["statusReason"].GetString(), row["heldUntil"].GetString()));
        var waiting = (await advisor.Get($"{campaign}/audience?status=pending")).Body[0];
        Assert.Equal((by, until), (waiting.GetProperty("heldBy").GetString(), waiting.GetProperty("nextAttemptAt").GetString()));
    }

    protected async Task LogOut(Advisor advisor)
    {
        var instance = (await advisor.Get("/api/whatsapp/config"))["instance"].GetString();
        using var http = new HttpClient();
        using var content = new StringContent("{}");
        (await http.PostAsync(new Uri($"{App.Simulator.Url}/simulator/instances/{instance}/log-out"), content)).EnsureSuccessStatusCode();
    }

    protected Task Watch() => App.Services.GetRequiredService<WatchInstances>().RunOnce(CancellationToken.None);

    protected (TickLanes Tick, GatewayCalls Calls) Node()
    {
        var calls = ActivatorUtilities.CreateInstance<GatewayCalls>(App.Services);
        return (ActivatorUtilities.CreateInstance<TickLanes>(App.Services, new NodeId(Guid.NewGuid()), calls), calls);
    }

    protected static async Task<IEnumerable<string>> Codes(Advisor advisor) =>
        (await advisor.Get("/api/notifications")).Body.EnumerateArray().Select(row => row.GetProperty("code").GetString()!);
}
