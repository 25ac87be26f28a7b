using System.Net;
using System.Net.Http.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns.Sending;

/// <summary>Who wrote within a day is not held by the limits for cold messages.</summary>
public sealed class ReplyLaneSpecs(TestCluster cluster) : IAsyncLifetime
{
    private const string Ana = "5491155000000";
    private TestApp app = null!;
    private Advisor advisor = null!;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.Start(
            cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });
        advisor = await Advisor.Of(app);
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        foreach (var name in (string[])["Ana", "Beto", "Carla"]) await advisor.HasClient(name);
        await Sent("Primera");
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Who_wrote_while_waiting_goes_at_once_and_the_others_stay_held()
    {
        await Quiet(replyLane: true);
        await Sent("Segunda");
        Assert.Empty(Got("Segunda"));

        await Writes(Ana);

        Assert.Equal([Ana], Got("Segunda"));
        Assert.Equal(1, await app.Database.Value<long>("select count(*) from reply_lane"));
    }

    [Fact]
    public async Task Who_wrote_before_the_launch_goes_too()
    {
        await Quiet(replyLane: true);
        await Writes(Ana);

        await Sent("Segunda");

        Assert.Equal([Ana], Got("Segunda"));
    }

    [Fact]
    public async Task Who_wrote_and_was_never_sent_to_goes_too_at_a_launch_and_when_it_is_switched_on()
    {
        await Quiet(replyLane: false);
        var phone = (await advisor.Get($"/api/clients/{await advisor.HasClient("Dora")}"))["phone"].GetString()![1..];
        await Writes(phone);
        await Sent("Segunda");
        Assert.Empty(Got("Segunda"));

        await Quiet(replyLane: true);
        await app.Settle();
        await Sent("Tercera");

        Assert.Equal([phone], Got("Segunda"));
        Assert.Equal([phone], Got("Tercera"));
    }

    [Fact]
    public async Task Switched_on_it_knows_who_wrote_before()
    {
        await Quiet(replyLane: false);
        await Writes(Ana);
        await Sent("Segunda");
        Assert.Empty(Got("Segunda"));

        (await advisor.Put("/api/whatsapp/pacing", new { replyLane = true })).Is(HttpStatusCode.OK);
        await app.Settle();

        Assert.Equal([Ana], Got("Segunda"));
    }

    [Fact]
    public async Task The_days_limit_holds_the_others_only()
    {
        (await advisor.Put("/api/whatsapp/pacing", new { replyLane = true, dailyCap = 3 })).Is(HttpStatusCode.OK); // all of them used
        await Sent("Segunda");
        Assert.Empty(Got("Segunda"));

        await Writes(Ana);

        Assert.Equal([Ana], Got("Segunda"));
        Assert.Equal("daily-cap", (await advisor.Get("/api/whatsapp/lane"))["heldBy"].GetString());
    }

    [Fact]
    public async Task Who_opted_out_by_writing_is_left_out_all_the_same()
    {
        await Quiet(replyLane: true);
        await Sent("Segunda");

        await Writes(Ana, "BAJA");

        Assert.Empty(Got("Segunda"));
    }

    [Fact]
    public async Task An_erased_client_is_forgotten_here_too()
    {
        await Quiet(replyLane: true);
        await Writes(Ana);
        await Sent("Segunda");
        var client = (await advisor.Get("/api/clients?q=Ana")).Body[0].GetProperty("id").GetGuid();

        (await advisor.Delete($"/api/clients/{client}")).Is(HttpStatusCode.NoContent);

        Assert.Equal(0, await app.Database.Value<long>("select (select count(*) from reply_lane) + (select count(*) from client_wrote)"));
    }

    /// <summary>Every day of the week as a whole.</summary>
    private async Task Quiet(bool replyLane) => (await advisor.Put("/api/whatsapp/pacing", new
    {
        replyLane,
        quietHours = new { from = "00:00", to = "00:00", days = (string[])["mon", "tue", "wed", "thu", "fri", "sat", "sun"] },
    })).Is(HttpStatusCode.OK);

    private async Task Sent(string text)
    {
        (await advisor.Post($"/api/campaigns/{await advisor.HasDraft(new { all = true }, messageContent: text)}/send")).Is(HttpStatusCode.Accepted);
        await app.Settle();
    }

    private IEnumerable<string> Got(string text) =>
        app.Simulator.Ledger.Entries.Where(entry => entry.Text.StartsWith(text, StringComparison.Ordinal)).Select(entry => entry.Number);

    private async Task Writes(string from, string text = "Hola")
    {
        var instance = await app.Database.Value<string>("select instance from whatsapp_config");
        using var http = new HttpClient();
        (await http.PostAsJsonAsync($"{app.Simulator.Url}/simulator/instances/{instance}/incoming", new { from, text })).EnsureSuccessStatusCode();
        await app.Settle();
    }
}
