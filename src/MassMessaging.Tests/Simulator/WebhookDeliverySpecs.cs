using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MassMessaging.Simulator;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Tests.Simulator;

public sealed class WebhookDeliverySpecs
{
    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(422)]
    public async Task These_codes_lose_the_event_at_once(int status)
    {
        await using var receiver = await WebhookReceiver.Start(_ => status);
        await using var gateway = await Listening(receiver, "SEND_MESSAGE");

        await gateway.SendText();
        await gateway.Host.Settled(CancellationToken.None);

        Assert.Single(receiver.All);
    }

    [Theory]
    [InlineData(409)]
    [InlineData(410)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Any_other_code_is_retried_until_it_is_taken(int status)
    {
        await using var receiver = await WebhookReceiver.Start(attempt => attempt < 4 ? status : 204);
        await using var gateway = await Listening(receiver, "SEND_MESSAGE");

        await gateway.SendText();
        await gateway.Host.Settled(CancellationToken.None);

        Assert.Equal(4, receiver.All.Count);
        Assert.Single(receiver.All.Select(hook => hook.Text).Distinct());
    }

    [Fact]
    public async Task After_ten_attempts_the_event_is_dropped()
    {
        await using var receiver = await WebhookReceiver.Start(_ => 500);
        await using var gateway = await Listening(receiver, "SEND_MESSAGE");

        await gateway.SendText();
        await gateway.Host.Settled(CancellationToken.None);
        var counts = await gateway.Get("/simulator/webhooks");

        Assert.Equal(10, receiver.All.Count);
        Assert.Equal("""{"delivered":0,"retried":9,"dropped":1,"outstanding":0}""", counts.Text);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_in_time_gets_the_event_again()
    {
        await using var receiver = await WebhookReceiver.Start(attempt => attempt == 1 ? 0 : 200);
        await using var gateway = await Listening(
            receiver, "SEND_MESSAGE", options => options with { Retries = new() { Scale = 0.0001, Timeout = TimeSpan.FromMilliseconds(300) } });

        await gateway.SendText();
        await gateway.Host.Settled(CancellationToken.None);

        Assert.True(receiver.All.Count >= 2);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(6, 160)]
    [InlineData(7, 300)]
    [InlineData(9, 300)]
    public void The_waits_double_up_to_five_minutes(int attempt, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Webhooks.Wait(new RetryOptions(), attempt, chance: 0.5));

    [Fact]
    public void Jitter_is_a_fifth_and_never_below_the_first_wait()
    {
        Assert.Equal(TimeSpan.FromSeconds(5), Webhooks.Wait(new RetryOptions(), 1, chance: 0));
        Assert.Equal(TimeSpan.FromSeconds(6), Webhooks.Wait(new RetryOptions(), 1, chance: 1));
        Assert.Equal(TimeSpan.FromSeconds(8), Webhooks.Wait(new RetryOptions(), 2, chance: 0));
    }

    [Fact]
    public async Task Headers_go_out_verbatim()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await Listening(receiver, "SEND_MESSAGE", headers: """{"X-Webhook-Secret":"change-me"}""");

        await gateway.SendText();
        var hook = await receiver.Next("send.message");

        Assert.Equal("change-me", hook.Headers["X-Webhook-Secret"]);
        Assert.Equal("application/json", hook.Headers["Content-Type"]);
        Assert.StartsWith("axios/", hook.Headers["User-Agent"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_jwt_key_becomes_a_signed_token_of_ten_minutes_and_is_not_sent()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await Listening(receiver, "SEND_MESSAGE", headers: """{"jwt_key":"hs256-key"}""");

        await gateway.SendText();
        var hook = await receiver.Next("send.message");

        var parts = hook.Headers["Authorization"]["Bearer ".Length..].Split('.');
        var signature = HMACSHA256.HashData("hs256-key"u8, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"));
        var payload = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement;
        Assert.Equal(Base64Url.EncodeToString(signature), parts[2]);
        Assert.Equal(600, payload.GetProperty("exp").GetInt64() - payload.GetProperty("iat").GetInt64());
        Assert.Equal(("evolution", "webhook"), (payload.GetProperty("app").GetString(), payload.GetProperty("action").GetString()));
        Assert.DoesNotContain("jwt_key", hook.Headers.Keys);
    }

    [Fact]
    public async Task By_events_appends_the_events_path_and_keeps_the_destination()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await SimulatedGateway.Open();
        await gateway.Post("/webhook/set/advisor-0042", $$$"""{"webhook":{"enabled":true,"url":"{{{receiver.Url}}}/in?t=1","byEvents":true,"events":[]}}""");

        await gateway.SendText();
        var hook = await receiver.Next("send.message");

        Assert.Equal("/in?t=1/send-message", hook.Path);
        Assert.Equal($"{receiver.Url}/in?t=1", hook.Json.GetProperty("destination").GetString());
    }

    [Fact]
    public async Task Only_what_is_subscribed_comes()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await Listening(receiver, "MESSAGES_UPDATE");

        await gateway.SendText();
        await gateway.Host.Settled(CancellationToken.None);

        Assert.Equal(["messages.update"], receiver.All.Select(hook => hook.Event).Distinct());
    }

    [Theory]
    [InlineData("")]
    [InlineData("not-a-url")]
    [InlineData("ftp://127.0.0.1/x")]
    public async Task A_url_that_is_none_delivers_nothing_and_breaks_nothing(string url)
    {
        await using var gateway = await SimulatedGateway.Open(url);

        Assert.Equal(201, (await gateway.SendText()).Status);
        await gateway.Host.Settled(CancellationToken.None);
    }

    private static async Task<SimulatedGateway> Listening(
        WebhookReceiver receiver, string @event, Func<SimulatorOptions, SimulatorOptions>? with = null, string headers = "{}")
    {
        var gateway = await SimulatedGateway.Open(with: with);
        var webhook = $$"""{"enabled":true,"url":"{{receiver.Url}}/in","headers":{{headers}},"events":["{{@event}}"] }""";
        await gateway.Post("/webhook/set/advisor-0042", $$"""{"webhook":{{webhook}} }""");
        return gateway;
    }
}
