using System.Net;
using System.Text.Json;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Campaigns.Sending;

/// <summary>Rules about single members, through the real service, the simulated gateway and a clock that the spec moves.</summary>
public sealed class HeldMembersSpecs(TestCluster cluster) : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero)); // a Monday: 09:00 in Argentina, 13:00 in Spain
    private TestApp app = null!;
    private Advisor advisor = null!;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.Start(cluster, new TestAppOptions { Clock = clock });
        advisor = await Advisor.Of(app);
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        (await advisor.Put("/api/profile", new { identification = new { enabled = false } })).Is(HttpStatusCode.OK); // texts as written
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Who_has_quiet_hours_waits_until_they_end_and_the_lane_goes_on_with_others()
    {
        await Paces(new { quietHours = new { from = "20:00", to = "09:30", days = Array.Empty<string>() } });
        await Client("Ana", "+5491155000001");
        await Client("Pilar", "+34600000001");
        var campaign = await Sent("Hola {nombre_cliente}");

        Assert.Equal(["Hola Pilar"], Texts());
        var (reason, until) = await Standing(campaign);
        Assert.Equal(("quiet-hours", Later(30)), (reason, until));
        var lane = await advisor.Get("/api/whatsapp/lane");
        Assert.Equal(("held", "quiet-hours", Later(30)), (lane["state"].GetString(), lane["heldBy"].GetString(), lane["until"].GetDateTimeOffset()));
        var held = Assert.Single((await advisor.Get($"{campaign}/audience?status=pending")).Body.EnumerateArray());
        Assert.Equal(("quiet-hours", Later(30)), (held.GetProperty("heldBy").GetString(), held.GetProperty("nextAttemptAt").GetDateTimeOffset()));
        Assert.Equal(
            "quiet-hours", (await advisor.Get($"{campaign}/audience/{held.GetProperty("id").GetGuid()}"))["heldBy"].GetString());

        await Pass(29);
        Assert.Single(Texts());
        await Pass(1);
        Assert.Equal(["Hola Pilar", "Hola Ana"], Texts());
        Assert.Equal("sent", (await advisor.Get(campaign))["status"].GetString());
    }

    [Fact]
    public async Task A_client_of_two_campaigns_at_once_gets_one_and_the_cap_holds_the_other()
    {
        await Paces(new { frequencyCap = new { messages = 1, perDays = 1 } });
        await Client("Ana", "+5491155000001");
        var drafts = new[] { await Draft("Uno"), await Draft("Dos") };
        foreach (var draft in drafts) (await advisor.Post($"{draft}/send")).Is(HttpStatusCode.Accepted);
        await app.Settle();

        var text = Assert.Single(Texts());
        var held = drafts[text == "Uno" ? 1 : 0];
        var (reason, until) = await Standing(held);
        Assert.Equal(("frequency-cap", clock.GetUtcNow().AddDays(1)), (reason, until));

        await Pass(24 * 60 - 1);
        Assert.Single(Texts());
        await Pass(1);
        Assert.Equal(["Dos", "Uno"], Texts().Order());
    }

    [Fact]
    public async Task A_policy_that_is_switched_off_holds_nobody_from_then_on()
    {
        await Paces(new { quietHours = new { from = "20:00", to = "09:30", days = Array.Empty<string>() } });
        await Client("Ana", "+5491155000001");
        var campaign = await Sent("Hola {nombre_cliente}");
        Assert.Empty(Texts());

        (await advisor.Put("/api/whatsapp/pacing", new { quietHours = (object?)null })).Is(HttpStatusCode.OK);
        await app.Settle();

        Assert.Equal("sent", (await advisor.Get(campaign))["status"].GetString());
    }

    [Fact]
    public async Task One_that_sleeps_holds_up_no_other_campaign()
    {
        await Paces(new { quietHours = new { from = "20:00", to = "09:30", days = Array.Empty<string>() } });
        await Client("Ana", "+5491155000001");
        var asleep = await Sent("Hola {nombre_cliente}");
        await Client("Pilar", "+34600000001");

        var awake = await Sent("Qué tal {nombre_cliente}");

        Assert.Equal(["Qué tal Pilar"], Texts());
        Assert.Equal(("quiet-hours", "quiet-hours"), ((await Standing(asleep)).Reason, (await Standing(awake)).Reason));
    }

    [Fact]
    public async Task A_text_over_its_share_of_the_day_waits_while_others_go_and_for_the_next_day()
    {
        await Paces(new { similarText = new { minSample = 2, maxShare = 0.5 } });
        for (var client = 0; client < 4; client++) await Client($"Cliente {client}", $"+549115500000{client}");
        var preview = await advisor.Post($"{await Draft("Oferta 2x1 para {nombre_cliente}")}/preview");
        Assert.Equal(["similar-text"], preview["warnings"].EnumerateArray().Select(warning => warning.GetProperty("code").GetString()));

        var campaign = await Sent("Oferta para {nombre_cliente}");

        Assert.Equal(2, Texts().Count);
        Assert.Equal("similar-text", (await Standing(campaign)).Reason);
        var row = (await advisor.Get($"{campaign}/audience?status=pending")).Body[0];
        Assert.Equal("similar-text", row.GetProperty("heldBy").GetString());

        await Sent("Otra cosa para {nombre_cliente}"); // four of four: each text has its half
        await Pass(1);
        await Pass(1);
        Assert.Equal(8, Texts().Count);
        Assert.Equal("sent", (await advisor.Get(campaign))["status"].GetString());
    }

    [Fact]
    public async Task A_messages_rows_of_another_advisor_say_nothing_of_this_ones_rules()
    {
        await Paces(new { quietHours = new { from = "20:00", to = "09:30", days = Array.Empty<string>() } });
        advisor = await Advisor.Of(app);
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        await Paces(new { });
        await Client("Ana", "+5491155000001");

        var campaign = await Sent("Hola");

        Assert.Equal("sent", (await advisor.Get(campaign))["status"].GetString());
    }

    private async Task Pass(int minutes)
    {
        clock.Advance(TimeSpan.FromMinutes(minutes));
        await app.Settle();
    }

    private DateTimeOffset Later(int minutes) => clock.GetUtcNow().AddMinutes(minutes);

    private List<string> Texts() => [.. app.Simulator.Ledger.Entries.Select(entry => entry.Text)];

    /// <summary>Everybody at once: what holds is the policy.</summary>
    private async Task Paces(object policies)
    {
        (await advisor.Put("/api/whatsapp/pacing", new { messages = 10_000, perSeconds = 60, spread = false, jitter = 0, maxInFlight = 20 })).Is(HttpStatusCode.OK);
        (await advisor.Put("/api/whatsapp/pacing", policies)).Is(HttpStatusCode.OK);
    }

    private async Task Client(string name, string phone) => (await advisor.Post("/api/clients", new { name, phone })).Is(HttpStatusCode.Created);

    private async Task<string> Draft(string text) => $"/api/campaigns/{await advisor.HasDraft(new { all = true }, messageContent: text)}";

    private async Task<string> Sent(string text)
    {
        var campaign = await Draft(text);
        (await advisor.Post($"{campaign}/send")).Is(HttpStatusCode.Accepted);
        await app.Settle();
        return campaign;
    }

    private async Task<(string? Reason, DateTimeOffset? Until)> Standing(string campaign)
    {
        var row = await advisor.Get(campaign);
        Assert.Equal("sending", row["status"].GetString());
        return (row["statusReason"].GetString(), row["heldUntil"].ValueKind == JsonValueKind.Null ? null : row["heldUntil"].GetDateTimeOffset());
    }
}
