using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MassMessaging.Simulator;
using MassMessaging.Simulator.Cloud;

namespace MassMessaging.Tests.Simulator.Cloud;

/// <summary>What Meta tells: signed, repeated until 200, alone or in batches.</summary>
public sealed class CloudWebhookSpecs
{
    [Fact]
    public async Task Statuses_come_signed_over_the_bytes_with_the_reference_of_the_send()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var cloud = await Told(receiver);
        await cloud.SendTemplate("saludo", "es_AR", "Ána", "Julia");
        cloud.PersonWrites("¿Qué tal? 👋");
        await cloud.SendText(more: ",\"biz_opaque_callback_data\":\"c=7\"");
        await cloud.Host.Settled(CancellationToken.None);

        Assert.All(receiver.All, hook => Assert.Equal(Signature(hook.Text), hook.Headers["X-Hub-Signature-256"]));
        Assert.Contains(receiver.All, hook => hook.Text.Contains("\\u00BFQu\\u00E9", StringComparison.Ordinal));
        var statuses = receiver.All.SelectMany(hook => Items(hook.Json, "statuses")).ToList();
        Assert.Equal(["delivered", "delivered", "read", "read", "sent", "sent"], statuses.Select(each => each.GetProperty("status").GetString()).Order());
        Assert.Equal(3, statuses.Count(each => each.TryGetProperty("biz_opaque_callback_data", out var data) && data.GetString() == "c=7"));
    }

    [Fact]
    public async Task A_batch_has_several_entries_changes_and_items()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var cloud = await Told(
            receiver, options => options with { Cloud = options.Cloud with { Batch = TimeSpan.FromMilliseconds(200) } });
        cloud.PersonWrites();
        for (var index = 0; index < 5; index++) await cloud.SendText();
        await cloud.Host.Settled(CancellationToken.None);

        Assert.InRange(receiver.All.Count, 1, 4);
        Assert.Equal(15, receiver.All.Sum(hook => Items(hook.Json, "statuses").Count));
        Assert.Contains(receiver.All, hook => hook.Json.GetProperty("entry").GetArrayLength() == 2);
    }

    [Fact]
    public async Task What_is_not_answered_200_comes_again()
    {
        await using var receiver = await WebhookReceiver.Start(count => count switch { 1 => 401, 2 => 503, _ => 200 });
        await using var cloud = await Told(receiver);
        cloud.PersonWrites();
        await cloud.Host.Settled(CancellationToken.None);
        Assert.Equal(3, receiver.All.Count);
        Assert.Single(receiver.All.Select(hook => hook.Text).Distinct());
    }

    [Fact]
    public async Task A_message_that_cannot_be_delivered_fails_with_the_reason()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var cloud = await Told(receiver);
        cloud.Host.Faults.Set(new Fault(FaultKind.ErrorAfter, Text: "131049"));
        await cloud.SendTemplate("saludo", "es_AR", "Ana", "Julia");
        await cloud.Host.Settled(CancellationToken.None);

        var status = Assert.Single(Items(Assert.Single(receiver.All).Json, "statuses"));
        Assert.Equal(("failed", 131049), (status.GetProperty("status").GetString(), status.GetProperty("errors")[0].GetProperty("code").GetInt32()));
    }

    [Fact]
    public async Task Who_is_read_at_once_may_never_be_delivered_and_may_hide_the_phone()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var cloud = await Told(receiver);
        cloud.Host.Faults.Replace([new(FaultKind.Reply, Text: "STOP"), new(FaultKind.NoFrom)]);
        await cloud.SendTemplate("saludo", "es_AR", "Ana", "Julia");
        await cloud.Host.Settled(CancellationToken.None);
        cloud.Host.Faults.Replace([new(FaultKind.ReadOnly)]);
        await cloud.SendTemplate("saludo", "es_AR", "Eva", "Julia");
        await cloud.Host.Settled(CancellationToken.None);

        var reply = Assert.Single(receiver.All.SelectMany(hook => Items(hook.Json, "messages")));
        Assert.False(reply.TryGetProperty("from", out _));
        Assert.Equal(("button", "STOP"), (reply.GetProperty("type").GetString(), reply.GetProperty("button").GetProperty("payload").GetString()));
        Assert.Equal(["sent", "read"], cloud.Host.Ledger.Entries[1].Statuses);
    }

    [Fact]
    public async Task A_callback_is_taken_only_after_its_handshake()
    {
        await using var receiver = await WebhookReceiver.Start(); // answers 200, but no challenge
        await using var cloud = await SimulatedCloud.Start();
        var answer = await cloud.Call(
            HttpMethod.Post, $"/v23.0/{SimulatedCloud.Waba}/subscribed_apps",
            $$"""{"override_callback_uri":"{{receiver.Url}}","verify_token":"x"}""");
        Assert.Equal((400, 2200), SimulatedCloud.Error(answer));
        Assert.Null(cloud.Host.Cloud.Accounts[SimulatedCloud.Waba].Callback);
    }

    [Fact]
    public async Task A_template_is_approved_after_its_review_and_may_be_paused()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var cloud = await Told(receiver, options => options with { Cloud = options.Cloud with { Review = TimeSpan.Zero } });
        var created = await cloud.Call(
            HttpMethod.Post, $"/v23.0/{SimulatedCloud.Waba}/message_templates",
            """{"name":"promo","language":"es_AR","category":"MARKETING","components":[{"type":"BODY","text":"Hola {{1}}"}]}""");
        await cloud.Host.Settled(CancellationToken.None);
        var listed = await cloud.Call(HttpMethod.Get, $"/v23.0/{SimulatedCloud.Waba}/message_templates?name=promo");
        await cloud.Call(
            HttpMethod.Post, $"/simulator/cloud/numbers/{SimulatedCloud.Number}/template",
            """{"name":"promo","language":"es_AR","status":"PAUSED"}""", token: null);
        await cloud.Host.Settled(CancellationToken.None);

        Assert.Equal((200, "PENDING"), (created.Status, created.Json.GetProperty("status").GetString()));
        Assert.Equal("APPROVED", listed.Json.GetProperty("data")[0].GetProperty("status").GetString());
        Assert.Equal(
            ["APPROVED", "PAUSED"],
            receiver.All.Select(hook => hook.Json.GetProperty("entry")[0].GetProperty("changes")[0].GetProperty("value").GetProperty("event").GetString()));
    }

    private static async Task<SimulatedCloud> Told(WebhookReceiver receiver, Func<SimulatorOptions, SimulatorOptions>? with = null)
    {
        var cloud = await SimulatedCloud.Start(with);
        cloud.Host.Cloud.Accounts[SimulatedCloud.Waba].Callback = receiver.Url;
        return cloud;
    }

    private static string Signature(string body) => $"sha256={Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(CloudPlatform.DemoAppSecret), Encoding.UTF8.GetBytes(body)))}";

    private static List<JsonElement> Items(JsonElement body, string kind) =>
    [
        .. body.GetProperty("entry").EnumerateArray().SelectMany(entry => entry.GetProperty("changes").EnumerateArray())
            .Select(change => change.GetProperty("value"))
            .SelectMany(value => value.TryGetProperty(kind, out var items) ? items.EnumerateArray().ToArray() : []),
    ];
}
