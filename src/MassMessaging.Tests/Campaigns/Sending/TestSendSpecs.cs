using System.Net;
using System.Text.Json;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns.Sending;

/// <summary>One message outside the counters, through the real service and the simulated gateway.</summary>
public sealed class TestSendSpecs(TestApp app) : IClassFixture<TestApp>, IDisposable
{
    private const string Phone = "+5491166000000";
    private string instance = "";

    public void Dispose() => app.Simulator.Faults.Clear();

    [Fact]
    public async Task A_draft_is_sent_once_as_a_new_client_would_read_it_and_counts_nowhere()
    {
        var (advisor, draft) = await Connected("Hola {nombre_cliente}, {telefono}");

        var sent = await advisor.Post($"{draft}/test-send", new { phone = "+54 9 11 6600-0000" });
        await app.Settle();

        sent.Is(HttpStatusCode.OK);
        var entry = Assert.Single(app.Simulator.Ledger.Of(instance));
        Assert.Equal(("sent", entry.KeyId, JsonValueKind.Null), (sent["status"].GetString(), sent["gatewayMessageId"].GetString(), sent["reason"].ValueKind));
        Assert.Equal($"Hola Carla, {Phone}\n— Carla", sent["text"].GetString());
        Assert.Equal(entry.Text, sent["text"].GetString());
        var row = await advisor.Get(draft);
        Assert.Equal(("draft", 0, 0), (row["status"].GetString(), row["totalRecipients"].GetInt32(), row["sentCount"].GetInt32()));
    }

    [Fact]
    public async Task It_takes_a_slot_of_the_numbers_rate()
    {
        var (advisor, draft) = await Connected();
        await advisor.Put("/api/whatsapp/pacing", new { messages = 1, perSeconds = 60 });

        (await advisor.Post($"{draft}/test-send", new { phone = Phone })).Is(HttpStatusCode.OK);
        var second = await advisor.Post($"{draft}/test-send", new { phone = Phone });

        second.Is(HttpStatusCode.TooManyRequests, "lane-busy");
        Assert.InRange(second.Message.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 50, 75);
        Assert.Equal(1, (await advisor.Get("/api/whatsapp/lane"))["sentInWindow"].GetInt32());
        Assert.Single(app.Simulator.Ledger.Of(instance));
    }

    [Fact]
    public async Task A_slot_that_starts_soon_is_waited_for()
    {
        var (advisor, draft) = await Connected();
        await advisor.Put("/api/whatsapp/pacing", new { messages = 1, perSeconds = 2, jitter = 0 });

        (await advisor.Post($"{draft}/test-send", new { phone = Phone })).Is(HttpStatusCode.OK);
        (await advisor.Post($"{draft}/test-send", new { phone = Phone })).Is(HttpStatusCode.OK);

        var received = app.Simulator.Ledger.Of(instance).Select(entry => entry.ReceivedMicros).ToList();
        Assert.True(received[1] - received[0] >= 2_000_000, $"{received[1] - received[0]} µs apart");
    }

    [Fact]
    public async Task A_lane_that_is_held_says_for_what_and_until_when()
    {
        var (advisor, draft) = await Connected();
        (await advisor.Post($"{draft}/test-send", new { phone = Phone })).Is(HttpStatusCode.OK);
        await app.Database.Execute($"""
            update lane set held_by = 'throttled', held_until = next_at + interval '1 minute'
            where profile_id = (select profile_id from whatsapp_config where instance = '{instance}')
            """);

        var held = await advisor.Post($"{draft}/test-send", new { phone = Phone });

        held.Is(HttpStatusCode.ServiceUnavailable, "lane-held");
        Assert.InRange(held.Message.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 30, 65);
    }

    [Theory]
    [InlineData(FaultKind.ConnectionClosed, HttpStatusCode.ServiceUnavailable, "instance-down")]
    [InlineData(FaultKind.Unauthorized, HttpStatusCode.Conflict, "instance-gone")]
    [InlineData(FaultKind.TooMany, HttpStatusCode.TooManyRequests, "gateway-throttled")]
    public async Task What_the_gateway_cannot_do_is_a_problem_with_its_own_code(FaultKind fault, HttpStatusCode status, string code)
    {
        var (advisor, draft) = await Connected();
        app.Simulator.Faults.Set(new Fault(fault, Times: 1));

        (await advisor.Post($"{draft}/test-send", new { phone = Phone })).Is(status, code);

        Assert.Empty(app.Simulator.Ledger.Of(instance));
    }

    [Theory]
    [InlineData(FaultKind.NotOnWhatsapp, "failed", "not-on-whatsapp")]
    [InlineData(FaultKind.CloseAfter, "in_doubt", "connection-lost")]
    public async Task What_became_of_it_is_told_with_the_reason(FaultKind fault, string status, string reason)
    {
        var (advisor, draft) = await Connected();
        app.Simulator.Faults.Set(new Fault(fault, Times: 1));

        var answer = await advisor.Post($"{draft}/test-send", new { phone = Phone });

        answer.Is(HttpStatusCode.OK);
        Assert.Equal((status, reason), (answer["status"].GetString(), answer["reason"].GetString()));
    }

    [Fact]
    public async Task It_names_a_variant_or_sends_the_first()
    {
        var (advisor, _) = await Connected();
        var variants = new[] { new { name = "Corta", messageContent = "Hola", share = 50 }, new { name = "Larga", messageContent = "Buenos días", share = 50 } };
        var draft = await advisor.Post("/api/campaigns", new { name = "A/B", objective = "ventas", messageContent = "Hola", variants });
        draft.Is(HttpStatusCode.Created);

        var first = await advisor.Post($"/api/campaigns/{draft.Id}/test-send", new { phone = Phone });
        var named = await advisor.Post($"/api/campaigns/{draft.Id}/test-send", new { phone = Phone, variant = "larga" });
        var wrong = await advisor.Post($"/api/campaigns/{draft.Id}/test-send", new { phone = Phone, variant = "C" });

        Assert.Equal(("Hola\n— Carla", "Buenos días\n— Carla"), (first["text"].GetString(), named["text"].GetString()));
        wrong.Is(HttpStatusCode.BadRequest, "validation-failed");
        Assert.Equal(["variant"], wrong.WrongFields);
    }

    [Fact]
    public async Task A_number_that_is_none_or_opted_out_is_refused_before_a_slot_is_taken()
    {
        var (advisor, draft) = await Connected();
        var ana = await advisor.HasClient("Ana");
        await advisor.Post($"/api/clients/{ana}/opt-out", new { reason = "BAJA" });
        var phone = (await advisor.Get($"/api/clients/{ana}"))["phone"].GetString();

        (await advisor.Post($"{draft}/test-send", new { phone = "123" })).Is(HttpStatusCode.BadRequest, "phone-invalid");
        (await advisor.Post($"{draft}/test-send", new { })).Is(HttpStatusCode.BadRequest, "validation-failed");
        (await advisor.Post($"{draft}/test-send", new { phone })).Is(HttpStatusCode.Conflict, "client-opted-out");
        (await advisor.Delete($"/api/clients/{ana}")).Is(HttpStatusCode.NoContent);
        (await advisor.Post($"{draft}/test-send", new { phone })).Is(HttpStatusCode.Conflict, "client-opted-out");

        Assert.Equal(0, (await advisor.Get("/api/whatsapp/lane"))["sentInWindow"].GetInt32());
    }

    [Fact]
    public async Task Somebody_elses_campaign_is_not_there()
    {
        var (_, draft) = await Connected();
        var (other, _) = await Connected();

        (await other.Post($"{draft}/test-send", new { phone = Phone })).Is(HttpStatusCode.NotFound, "not-found");
    }

    private async Task<(Advisor Advisor, string Draft)> Connected(string message = "Hola {nombre_cliente}")
    {
        var advisor = await Advisor.Of(app);
        (await advisor.Put("/api/profile", new { displayName = "Carla", country = "AR" })).Is(HttpStatusCode.OK);
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        (await advisor.Put("/api/whatsapp/pacing", new { messages = 10_000, perSeconds = 60 })).Is(HttpStatusCode.OK);
        instance = (await advisor.Get("/api/whatsapp/config"))["instance"].GetString()!;
        return (advisor, $"/api/campaigns/{await advisor.HasDraft(messageContent: message)}");
    }
}
