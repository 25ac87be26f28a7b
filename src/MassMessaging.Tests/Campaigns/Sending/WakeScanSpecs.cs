using System.Net;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Kernel;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;
using MassMessaging.WhatsApp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Campaigns.Sending;

/// <summary>A campaign that sleeps, because nobody in it may go, and somebody who may go all the same. Ana is asleep, Pilar is not.</summary>
public sealed class WakeScanSpecs(TestCluster cluster) : IAsyncLifetime
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero)); // 09:00 in Argentina, 13:00 in Spain
    private TestApp app = null!;
    private Advisor advisor = null!;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.Start(cluster, new TestAppOptions { Clock = clock });
        advisor = await Advisor.Of(app);
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        (await advisor.Put("/api/profile", new { identification = new { enabled = false } })).Is(HttpStatusCode.OK); // texts as written
        var pacing = new
        {
            messages = 10_000, perSeconds = 60, spread = false, jitter = 0, maxInFlight = 20, breaker = (object?)null,
            quietHours = new { from = "20:00", to = "09:30", days = Array.Empty<string>() },
        };
        (await advisor.Put("/api/whatsapp/pacing", pacing)).Is(HttpStatusCode.OK);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Who_is_let_wait_again_in_a_campaign_that_sleeps_goes_at_once()
    {
        await AnaAndPilar();
        app.Simulator.Faults.Set(new Fault(FaultKind.CloseBefore, Times: 1));
        var campaign = await Sent("Hola {nombre_cliente}");
        clock.Advance(TimeSpan.FromSeconds(2)); // the lane's own wait after an unsure gateway
        await app.Settle();
        Assert.Empty(Texts());
        var doubt = Assert.Single((await advisor.Get($"{campaign}/audience?status=in_doubt")).Body.EnumerateArray()).GetProperty("id").GetGuid();

        (await advisor.Post($"{campaign}/audience/{doubt}/resolve", new { outcome = "resend", note = "No llegó" })).Is(HttpStatusCode.OK);
        await app.Settle();

        Assert.Equal(["Hola Pilar"], Texts());
    }

    [Fact]
    public async Task Whose_call_was_never_written_goes_as_soon_as_the_lane_may_though_the_others_sleep()
    {
        await AnaAndPilar();
        var away = new GatewayAway();
        var calls = ActivatorUtilities.CreateInstance<GatewayCalls>(app.Services, away);
        var tick = ActivatorUtilities.CreateInstance<TickLanes>(app.Services, calls);
        (await advisor.Post($"{await Draft("Hola {nombre_cliente}")}/send")).Is(HttpStatusCode.Accepted);
        await app.Services.GetRequiredService<KernelDrain>().Drain(CancellationToken.None);
        await tick.RunOnce(CancellationToken.None); // Pilar's turn
        await tick.RunOnce(CancellationToken.None); // nobody is left who may go
        Assert.NotEqual(0, await app.Database.Value<long>("select count(*) from campaign_scan where asleep_until is not null"));

        away.GiveUp();
        await calls.Quiet();
        clock.Advance(TimeSpan.FromSeconds(2));
        await app.Settle();

        Assert.Equal(["Hola Pilar"], Texts());
    }

    [Fact]
    public async Task Places_of_campaigns_that_have_ended_are_swept()
    {
        await Client("Pilar", "+34600000001");
        var ended = await Sent("Hola {nombre_cliente}");
        await Client("Ana", "+5491155000001");
        await Sent("Qué tal {nombre_cliente}");
        await app.Database.Execute($"""
            insert into campaign_scan (profile_id, campaign_id, after, step)
            select profile_id, id, id, 32 from campaign where id = '{ended.Split('/')[^1]}' on conflict do nothing
            """);

        await app.Services.GetRequiredService<DoubtSweep>().DropOldReceipts(CancellationToken.None);

        Assert.Equal("Qué tal {nombre_cliente}", await app.Database.Value<string>(
            "select f.message_content from campaign_scan s join campaign_frozen f on f.profile_id = s.profile_id and f.campaign_id = s.campaign_id"));
    }

    private async Task AnaAndPilar()
    {
        await Client("Ana", "+5491155000001");
        await Client("Pilar", "+34600000001");
    }

    private List<string> Texts() => [.. app.Simulator.Ledger.Entries.Select(entry => entry.Text)];

    private async Task Client(string name, string phone) => (await advisor.Post("/api/clients", new { name, phone })).Is(HttpStatusCode.Created);

    private async Task<string> Draft(string text) => $"/api/campaigns/{await advisor.HasDraft(new { all = true }, messageContent: text)}";

    private async Task<string> Sent(string text)
    {
        var campaign = await Draft(text);
        (await advisor.Post($"{campaign}/send")).Is(HttpStatusCode.Accepted);
        await app.Settle();
        return campaign;
    }

    /// <summary>Keeps its caller waiting, and was never reached.</summary>
    private sealed class GatewayAway : IWhatsApp
    {
        private readonly TaskCompletionSource gaveUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void GiveUp() => gaveUp.SetResult();

        public async Task<SendOutcome> Send(string instance, string number, OutgoingMessage message, Func<bool> mayWrite, CancellationToken ct)
        {
            await gaveUp.Task;
            return new SendOutcome.NotWritten("connection-refused");
        }
    }
}
