using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Cloud;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.WhatsApp;

/// <summary>Whoever knows a secret may send anything; one webhook must never cost the others that are read with it.</summary>
public sealed class WebhookFuzzSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string Good = """{"keyId":"3EB0GOOD","fromMe":true,"status":"READ"}""";

    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] Names =
    [
        "event", "data", "key", "id", "remoteJid", "remoteJidAlt", "message", "conversation", "contextInfo", "stanzaId", "messageTimestamp", "keyId", "status", "fromMe", "state", "wuid", "qrcode", "statusReason", "disconnectionReasonCode",
        "\\ud800", "keyId\\udc00", "",
    ];

    private static readonly string[] Scalars =
    [
        "null", "true", "false", "7", "-1e400", "401", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"x\\udc00\"", "\"\\u001b\"",
        "\"READ\"", "\"FAILED\"", "\"open\"", "\"close\"", "\"\\ud800@s.whatsapp.net\"", "\"5491155550000@s.whatsapp.net\"",
        "\"wamid.\\u0000\"",
        $"\"{new string('9', 70_000)}\"",
    ];

    private static readonly string[] Events =
    [
        "\"messages.update\"", "\"messages.upsert\"", "\"CONNECTION_UPDATE\"", "\"status.instance\"", "\"qrcode.updated\"", "\"\\ud800\"", "\"\\u0000\"",
        "7", "{}",
    ];

    [Fact]
    public async Task Whatever_the_bodies_say_the_good_receipts_among_them_arrive()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            string[] junk = [.. Enumerable.Range(0, 20).Select(_ => Body(random)), new string('[', 5_000), "\"\\ud800\""];
            var neighbours = $"[{Value(random, 3)},{Good},{Value(random, 3)}]";
            var arrived = await Handle([.. junk, $$"""{"event":"messages.update","data":{{neighbours}}}""", .. junk]);

            Assert.Contains(new ReceiptArrived("own", "3EB0GOOD", ReceiptKind.Read, At, null), arrived);
        }
    }

    // With everyone who wants receipts, and committed: what is read must also be what PostgreSQL stores.
    private async Task<List<ReceiptArrived>> Handle(IEnumerable<string> bodies)
    {
        var seen = new Seen();
        await using var scope = app.Services.CreateAsyncScope();
        var handler = new ReadWebhooks(
            [seen, .. scope.ServiceProvider.GetServices<IReceiptSubscriber>()], [.. scope.ServiceProvider.GetServices<IIncomingSubscriber>()],
            new TellAccountNews([]));
        await using var session = app.Services.GetRequiredService<IStore>().Open(Origin.System);
        await handler.Handle([.. bodies.Select(body => new WebhookReceived("own", body, At))], session, CancellationToken.None);
        await session.Commit(CancellationToken.None);
        return seen.Receipts;
    }

    private static string Body(Random random) =>
        random.Next(10) == 0 ? Value(random, 4) : $$"""{"event":{{OneOf(random, Events)}},"data":{{Value(random, 4)}}}""";

    private static string Value(Random random, int depth) => random.Next(depth > 0 ? 4 : 1) switch
    {
        0 => OneOf(random, Scalars),
        1 => $"[{string.Join(',', Some(random, () => Value(random, depth - 1)))}]",
        _ => $"{{{string.Join(',', Some(random, () => $"\"{OneOf(random, Names)}\":{Value(random, depth - 1)}"))}}}",
    };

    private static IEnumerable<string> Some(Random random, Func<string> make) => Enumerable.Range(0, random.Next(6)).Select(_ => make());

    private static string OneOf(Random random, string[] choices) => choices[random.Next(choices.Length)];

    private sealed class Seen : IReceiptSubscriber
    {
        public List<ReceiptArrived> Receipts { get; } = [];

        public Task Receive(IReadOnlyList<ReceiptArrived> receipts, ISession session, CancellationToken ct)
        {
            Receipts.AddRange(receipts);
            return Task.CompletedTask;
        }
    }
}
