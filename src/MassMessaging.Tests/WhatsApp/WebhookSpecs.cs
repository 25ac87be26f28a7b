using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using MassMessaging.WhatsApp;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.WhatsApp;

public sealed class WebhookSpecs(TestApp app, TestCluster cluster) : IClassFixture<TestApp>
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private const string Waiting = "select count(*) from message where queue = 'receipts'";

    [Fact]
    public async Task What_comes_with_the_right_secret_is_stored_before_the_answer_whatever_it_says()
    {
        await using var own = await TestApp.Start(cluster, new TestAppOptions());
        var (instance, secret) = await Connected(own);
        await own.Settle();

        foreach (var body in new[] { Payload.Text("wh-messages.update-READ"), "not json \0 \uFFFD 👋", "", """{"text":"\u0000"}""" })
            Assert.Equal(HttpStatusCode.OK, (await Deliver(own, instance, secret, body)).StatusCode);

        Assert.Equal(4, await own.Database.Value<long>(Waiting));
        await own.Drain();
        Assert.Equal(0, await own.Database.Value<long>(Waiting));
    }

    [Fact]
    public async Task The_event_may_stand_in_the_address()
    {
        var (instance, secret) = await Connected(app);
        Assert.Equal(HttpStatusCode.OK, (await Deliver(app, $"{instance}/messages-update", secret, "{}")).StatusCode);
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_wrong_secret_is_refused_also_when_the_right_one_was_seen_before(string? wrong)
    {
        var (instance, secret) = await Connected(app);
        await Deliver(app, instance, secret, "{}");

        Assert.Equal(HttpStatusCode.Unauthorized, (await Deliver(app, instance, wrong, "{}")).StatusCode);
    }

    [Fact]
    public async Task The_secret_of_one_instance_opens_no_other()
    {
        var (_, secret) = await Connected(app);
        var (other, _) = await Connected(app);

        Assert.Equal(HttpStatusCode.Unauthorized, (await Deliver(app, other, secret, "{}")).StatusCode);
    }

    [Theory]
    [InlineData("nobody-knows")]
    [InlineData("NOT_A_NAME")]
    public async Task An_unknown_instance_is_answered_200_and_forgotten(string instance) =>
        Assert.Equal(HttpStatusCode.OK, (await Deliver(app, instance, "any", "{}")).StatusCode);

    [Fact]
    public async Task Wrong_secrets_and_unknown_instances_cost_no_query_each()
    {
        var clock = new FakeTimeProvider(At);
        await using var own = await TestApp.Start(cluster, new TestAppOptions { Clock = clock });
        var (instance, secret) = await Connected(own);
        await Deliver(own, instance, "wrong", "{}");
        await Deliver(own, "nobody-knows", "any", "{}");
        await own.Database.Execute("alter table whatsapp_instance rename to whatsapp_instance_away");

        Assert.Equal(HttpStatusCode.Unauthorized, (await Deliver(own, instance, "another wrong", "{}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Deliver(own, "nobody-knows", "any", "{}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Deliver(own, instance, secret, "{}")).StatusCode);

        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Deliver(own, instance, "wrong", "{}")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Deliver(own, "nobody-knows", "any", "{}")).StatusCode);
    }

    [Fact]
    public async Task An_instance_that_was_unknown_reports_as_soon_as_it_is_connected()
    {
        await using var own = await TestApp.Start(cluster, new TestAppOptions { Clock = new FakeTimeProvider(At) });
        using var client = await own.Client();
        var name = (await client.GetFromJsonAsync<JsonElement>("/api/whatsapp/config")).GetProperty("instance").GetString()!;
        await Deliver(own, name, "any", "{}");

        var (instance, secret) = await Connected(own, client);
        await own.Settle();
        await Deliver(own, instance, secret, "{}");

        Assert.Equal(name, instance);
        Assert.Equal(1, await own.Database.Value<long>(Waiting));
    }

    [Fact]
    public async Task A_renamed_instance_still_reports()
    {
        using var client = await app.Client();
        var (instance, secret) = await Connected(app, client);
        await client.PutAsJsonAsync("/api/whatsapp/config", new { instance = $"renamed-{Guid.NewGuid():n}" });

        Assert.Equal(HttpStatusCode.OK, (await Deliver(app, instance, secret, "{}")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Deliver(app, instance, "wrong", "{}")).StatusCode);
    }

    [Fact]
    public async Task More_than_a_mebibyte_is_too_large()
    {
        var (instance, secret) = await Connected(app);
        var answer = await Deliver(app, instance, secret, new string('x', (1024 * 1024) + 1));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Without_a_database_the_gateway_is_asked_to_send_it_again()
    {
        await using var own = await TestApp.Start(cluster, new TestAppOptions());
        var (instance, secret) = await Connected(own);
        await Deliver(own, instance, secret, "{}");
        await own.Database.Execute("alter table message rename to message_away");

        var answer = await Deliver(own, instance, secret, "{}");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_batch_is_handed_on_in_its_session_without_what_is_said_twice()
    {
        var recorder = new Recorder();
        var at = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        string[] bodies =
        [
            Payload.Text("wh-messages.update-DELIVERY_ACK"), "broken", Payload.Text("wh-messages.update-DELIVERY_ACK"),
            Payload.Text("wh-send.message"), Payload.Text("wh-messages.upsert-text"), Payload.Text("wh-messages.update-READ"),
            Payload.Text("wh-connection.update-open"),
        ];

        await using var session = app.Services.GetRequiredService<IStore>().Open(Origin.System);
        var webhooks = bodies.Select(body => new WebhookReceived("own", body, at)).ToList();
        await new ReadWebhooks([recorder], [], new MassMessaging.WhatsApp.Cloud.TellAccountNews([])).Handle(webhooks, session, CancellationToken.None);

        Assert.Equal([ReceiptKind.Delivered, ReceiptKind.Read], recorder.Receipts.Select(receipt => receipt.Kind));
        Assert.All(
            recorder.Receipts,
            receipt => Assert.Equal(("own", "3EB0C97B44F28FFC7C85B3", at), (receipt.Instance, receipt.GatewayMessageId, receipt.At)));
        Assert.Same(session, recorder.Session);
    }

    [Fact]
    public async Task What_the_gateway_says_of_the_connection_is_kept_with_its_reason()
    {
        var (instance, secret) = await Connected(app);
        await app.Settle();
        foreach (var payload in new[] { "wh-logout.instance", "wh-connection.update-close-401", "wh-status.instance-closed", "wh-qrcode.updated" })
        {
            await Deliver(app, instance, secret, Payload.Text(payload));
            await app.Drain();
        }

        var stored = await app.Database.Value<string>($"select state || ' ' || state_reason from whatsapp_config where instance = '{instance}'");
        Assert.Equal("connecting scan-the-qr-code", stored);
    }

    [Fact]
    public async Task A_late_qr_code_leaves_an_open_instance_open()
    {
        var (instance, secret) = await Connected(app);
        await app.Settle();
        await Deliver(app, instance, secret, Payload.Text("wh-connection.update-open"));
        await Deliver(app, instance, secret, Payload.Text("wh-qrcode.updated"));
        await app.Drain();

        var stored = await app.Database.Value<string>($"select state || ' ' || phone from whatsapp_config where instance = '{instance}'");
        Assert.Equal("open +5491155550000", stored);
    }

    private static async Task<(string Instance, string Secret)> Connected(TestApp app, HttpClient? client = null)
    {
        client ??= await app.Client();
        (await client.PostAsync(new Uri("/api/whatsapp/connect", UriKind.Relative), null)).EnsureSuccessStatusCode();
        var instance = (await client.GetFromJsonAsync<JsonElement>("/api/whatsapp/config")).GetProperty("instance").GetString()!;
        var stored = await app.Database.Value<string>($"select webhook_secret from whatsapp_config where instance = '{instance}'");
        var protector = app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("MassMessaging.WhatsApp.WebhookSecret");
        return (instance, protector.Unprotect(stored!));
    }

    private static async Task<HttpResponseMessage> Deliver(TestApp app, string instance, string? secret, string body)
    {
        using var client = app.Anonymous();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/webhooks/evolution/{instance}");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (secret is not null) request.Headers.TryAddWithoutValidation("X-Webhook-Secret", secret);
        return await client.SendAsync(request);
    }

    private sealed class Recorder : IReceiptSubscriber
    {
        public List<ReceiptArrived> Receipts { get; } = [];

        public ISession? Session { get; private set; }

        public Task Receive(IReadOnlyList<ReceiptArrived> receipts, ISession session, CancellationToken ct)
        {
            (Session, _) = (session, ct);
            Receipts.AddRange(receipts);
            return Task.CompletedTask;
        }
    }
}
