using System.Text.Json;
using MassMessaging.Tests.WhatsApp;

namespace MassMessaging.Tests.Simulator;

/// <summary>The simulator's bodies have the fields of recorded ones, in their order and of their kinds.</summary>
public sealed class PayloadShapeSpecs
{
    [Fact]
    public async Task The_answer_of_a_send()
    {
        await using var gateway = await SimulatedGateway.Open();

        AssertSameShape("res-201-sendText-baileys", (await gateway.SendText()).Json);
    }

    [Fact]
    public async Task The_answers_about_an_instance()
    {
        await using var gateway = await SimulatedGateway.Start(options => options with { AutoOpen = false });
        await gateway.Post("/instance/create", Payload.Text("req-instance-create-baileys"));

        AssertSameShape("res-200-connect-qr", (await gateway.Get("/instance/connect/advisor-0042")).Json);
        AssertSameShape("res-200-connectionState", (await gateway.Get("/instance/connectionState/advisor-0042")).Json);
    }

    [Fact]
    public async Task The_recorded_webhook_settings_are_taken()
    {
        await using var gateway = await SimulatedGateway.Open();

        var answer = await gateway.Post("/webhook/set/advisor-0042", Payload.Text("req-webhook-set"));

        Assert.Equal((201, 5), (answer.Status, answer.Json.GetProperty("events").GetArrayLength()));
    }

    [Fact]
    public async Task The_business_answer_and_its_statuses()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await SimulatedGateway.Start();
        var create = Payload.Text("req-instance-create-business");
        await gateway.Post("/instance/create", create.Replace("https://hooks.example.com/wa/evolution", receiver.Url, StringComparison.Ordinal));

        AssertSameShape("res-201-sendText-business", (await gateway.SendText(instance: "advisor-0043")).Json);
        await gateway.Host.Settled(CancellationToken.None);

        foreach (var status in (string[])["SENT", "DELIVERED", "READ"])
            AssertSameShape($"wh-business-messages.update-{status}", receiver.Of("messages.update").Single(hook => hook.Status == status).Json);
    }

    [Fact]
    public async Task Every_event_of_a_linked_device()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await SimulatedGateway.Open(receiver.Url);
        await gateway.SendText();
        await gateway.Post("/simulator/instances/advisor-0042/incoming", """{"from":"5491133334444","text":"desde lid","lid":true}""");
        await gateway.Post("/simulator/instances/advisor-0042/log-out", "");
        await gateway.Host.Settled(CancellationToken.None);
        await gateway.Delete("/instance/delete/advisor-0042");
        await gateway.Host.Settled(CancellationToken.None);

        AssertSameShape("wh-send.message", receiver.Of("send.message")[0].Json);
        AssertSameShape("wh-messages.upsert-lid-with-alt", receiver.Of("messages.upsert")[0].Json);
        AssertSameShape("wh-logout.instance", receiver.Of("logout.instance")[0].Json);
        AssertSameShape("wh-status.instance-closed", receiver.Of("status.instance")[0].Json);
        AssertSameShape("wh-remove.instance", receiver.Of("remove.instance")[0].Json);
        AssertSameShape("wh-connection.update-open", State(receiver, "open"));
        AssertSameShape("wh-connection.update-close-401", State(receiver, "close"));
        foreach (var status in (string[])["SERVER_ACK", "DELIVERY_ACK", "READ"])
            AssertSameShape($"wh-messages.update-{status}", receiver.Of("messages.update").Single(hook => hook.Status == status).Json);
    }

    private static JsonElement State(WebhookReceiver receiver, string state) =>
        receiver.Of("connection.update").First(hook => hook.Data.GetProperty("state").GetString() == state).Json;

    private static void AssertSameShape(string payload, JsonElement actual) =>
        Assert.Equal(Shape(JsonDocument.Parse(Payload.Text(payload)).RootElement), Shape(actual));

    private static string Shape(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(' ', json.EnumerateObject().Select(field => $"{field.Name}:{Shape(field.Value)}"))}}}",
        JsonValueKind.Array => $"[{(json.GetArrayLength() == 0 ? "" : Shape(json[0]))}]",
        JsonValueKind.True or JsonValueKind.False => "flag",
        var kind => kind.ToString(),
    };
}
