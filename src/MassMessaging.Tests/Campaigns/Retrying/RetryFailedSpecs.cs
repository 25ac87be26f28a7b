using System.Net;
using MassMessaging.Kernel;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Campaigns.Retrying;

public sealed class RetryFailedSpecs(TestCluster cluster) : IAsyncLifetime
{
    private TestApp app = null!;

    public async ValueTask InitializeAsync() => app = await TestApp.Start(
        cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Who_failed_for_a_passing_reason_is_tried_again_and_nobody_else()
    {
        var (advisor, path) = await Sent(["Ana", "Beto", "Carla"], new Fault(FaultKind.NotOnWhatsapp, Number: "0"), new Fault(FaultKind.ErrorAfter, Number: "1"));
        var before = await advisor.Get(path);
        Assert.Equal(("sent", 1, 2), (before["status"].GetString(), before["sentCount"].GetInt32(), before["failedCount"].GetInt32()));

        var retried = await advisor.Post($"{path}/retry-failed");

        retried.Is(HttpStatusCode.Accepted);
        Assert.Equal(("sending", "retrying"), (retried["status"].GetString(), retried["statusReason"].GetString()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, retried["sentAt"].ValueKind);
        await app.Settle();
        var after = await advisor.Get(path);
        Assert.Equal(
            ("sent", 3, 2, 1, 0),
            (after["status"].GetString(), after["totalRecipients"].GetInt32(), after["readCount"].GetInt32(), after["failedCount"].GetInt32(), after["pendingCount"].GetInt32()));
        var failed = Assert.Single((await advisor.Get($"{path}/audience?status=failed")).Body.EnumerateArray());
        Assert.Equal("not-on-whatsapp", failed.GetProperty("reason").GetString());
        Assert.Equal(3, app.Simulator.Ledger.Entries.Count); // two at first, of which one failed later, and that one again
    }

    [Fact]
    public async Task A_member_that_waits_again_shows_nothing_of_the_attempt_before()
    {
        var (advisor, path) = await Sent(["Ana"], new Fault(FaultKind.ErrorAfter));
        var attempts = (await advisor.Get($"{path}/audience")).Body[0].GetProperty("attempts").GetInt32();
        app.Simulator.Faults.Set(new Fault(FaultKind.ConnectionClosed));

        (await advisor.Post($"{path}/retry-failed")).Is(HttpStatusCode.Accepted);
        await app.Services.GetRequiredService<KernelDrain>().Drain(CancellationToken.None);

        var member = (await advisor.Get($"{path}/audience")).Body[0];
        Assert.Equal(("pending", attempts), (member.GetProperty("status").GetString(), member.GetProperty("attempts").GetInt32()));
        Assert.All(
            new[] { "whatsappMessageId", "gatewayMessageId", "reason", "errorMessage", "sentAt", "failedAt" },
            field => Assert.Equal(System.Text.Json.JsonValueKind.Null, member.GetProperty(field).ValueKind));
        var row = await advisor.Get(path);
        Assert.Equal(("sending", 1, 0), (row["status"].GetString(), row["pendingCount"].GetInt32(), row["failedCount"].GetInt32()));
    }

    [Fact]
    public async Task More_than_a_chunk_is_queued_to_its_end()
    {
        var advisor = await Advisor.Of(app);
        using var csv = new StringContent(
            "name,phone\n" + string.Join('\n', Enumerable.Range(0, 450).Select(row => $"Cliente {row},+54911{66_000_000 + row}")), null, "text/csv");
        (await advisor.Http.PostAsync("/api/clients/import", csv)).EnsureSuccessStatusCode();
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        var path = $"/api/campaigns/{await advisor.HasDraft(new { all = true })}";
        app.Simulator.Faults.Set(new Fault(FaultKind.ErrorAfter));
        await advisor.Post($"{path}/send");
        await app.Settle();
        app.Simulator.Faults.Clear();
        Assert.Equal(450, (await advisor.Get(path))["failedCount"].GetInt32());

        (await advisor.Post($"{path}/retry-failed")).Is(HttpStatusCode.Accepted);
        await app.Settle();

        var row = await advisor.Get(path);
        Assert.Equal(("sent", 450, 0), (row["status"].GetString(), row["readCount"].GetInt32(), row["failedCount"].GetInt32()));
        Assert.Equal(450, await app.Database.Value<long>("select requeued from campaign"));
        Assert.Equal(900, app.Simulator.Ledger.Entries.Count);
    }

    [Fact]
    public async Task Who_opted_out_or_was_erased_since_is_left_alone()
    {
        var (advisor, path) = await Sent(["Ana", "Beto"], new Fault(FaultKind.ErrorAfter));
        (await advisor.Delete($"/api/clients/{await ClientOf(advisor, "Ana")}")).Is(HttpStatusCode.NoContent);
        (await advisor.Post($"/api/clients/{await ClientOf(advisor, "Beto")}/opt-out")).Is(HttpStatusCode.OK);

        (await advisor.Post($"{path}/retry-failed")).Is(HttpStatusCode.Conflict, "nothing-to-retry");

        Assert.Equal(2, app.Simulator.Ledger.Entries.Count);
    }

    [Fact]
    public async Task Nobody_worth_it_is_a_conflict()
    {
        var (advisor, path) = await Sent(["Ana"], new Fault(FaultKind.NotOnWhatsapp));

        var refused = await advisor.Post($"{path}/retry-failed");

        refused.Is(HttpStatusCode.Conflict, "nothing-to-retry");
        Assert.Equal("failed", refused["currentStatus"].GetString());
    }

    [Fact]
    public async Task A_draft_cannot_be_retried()
    {
        var advisor = await Advisor.Of(app);

        (await advisor.Post($"/api/campaigns/{await advisor.HasDraft()}/retry-failed")).Is(HttpStatusCode.Conflict, "campaign-not-retryable");
    }

    [Fact]
    public async Task A_retry_that_is_cancelled_leaves_nobody_waiting()
    {
        var (advisor, path) = await Sent(["Ana", "Beto"], new Fault(FaultKind.ErrorAfter));
        await advisor.Post($"{path}/retry-failed");

        (await advisor.Post($"{path}/cancel")).Is(HttpStatusCode.OK);
        await app.Settle();

        var row = await advisor.Get(path);
        Assert.Equal(("cancelled", 0, 2), (row["status"].GetString(), row["pendingCount"].GetInt32(), app.Simulator.Ledger.Entries.Count));
    }

    [Fact]
    public async Task A_retry_that_is_paused_goes_on_when_it_is_resumed()
    {
        var (advisor, path) = await Sent(["Ana", "Beto"], new Fault(FaultKind.ErrorAfter));
        await advisor.Post($"{path}/retry-failed");
        (await advisor.Post($"{path}/pause")).Is(HttpStatusCode.OK);
        await app.Settle();
        Assert.Equal(("paused", 2), ((await advisor.Get(path))["status"].GetString(), app.Simulator.Ledger.Entries.Count));

        (await advisor.Post($"{path}/resume")).Is(HttpStatusCode.OK);
        await app.Settle();

        var row = await advisor.Get(path);
        Assert.Equal(("sent", 2, 4), (row["status"].GetString(), row["readCount"].GetInt32(), app.Simulator.Ledger.Entries.Count));
    }

    private async Task<(Advisor Advisor, string Path)> Sent(string[] clients, params Fault[] faults)
    {
        var advisor = await Advisor.Of(app);
        foreach (var name in clients) await advisor.HasClient(name);
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        var path = $"/api/campaigns/{await advisor.HasDraft(new { all = true })}";
        foreach (var fault in faults) app.Simulator.Faults.Set(fault);
        await advisor.Post($"{path}/send");
        await app.Settle();
        app.Simulator.Faults.Clear();
        return (advisor, path);
    }

    private static async Task<Guid> ClientOf(Advisor advisor, string name) =>
        (await advisor.Get($"/api/clients?q={name}")).Body[0].GetProperty("id").GetGuid();
}
