using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Cloud;

namespace MassMessaging.Tests.WhatsApp.Cloud;

public sealed class CloudEventsSpecs
{
    private const string Number = "106540352242922";
    private const string Id = "wamid.HBgNNTQ5MTEzMzMzNDQ0NBUCABEYEjE1RkQ3QzA5RjVBMDgxMzQ2RAA=";

    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1_795_343_020);

    [Theory]
    [InlineData("meta-wh-status-sent", ReceiptKind.Sent)]
    [InlineData("meta-wh-status-delivered", ReceiptKind.Delivered)]
    [InlineData("meta-wh-status-read", ReceiptKind.Read)]
    public void A_status_is_a_receipt_at_Metas_time_with_our_reference(string payload, ReceiptKind kind) => Assert.Equal(
        [
            new ReceiptArrived(
                CloudInstance.Of(Number), Id, kind, DateTimeOffset.FromUnixTimeSeconds(1_795_342_983).AddMilliseconds(999), null, "cmp=7;rcp=991"),
        ],
        Read(Payload.Text(payload)).Receipts);

    [Theory]
    [InlineData("""[{"code":131049}]""", "meta-131049")]
    [InlineData("""[{"code":"131049"}]""", "gateway-error")]
    [InlineData("[]", "gateway-error")]
    [InlineData("7", "gateway-error")]
    public void A_failure_says_why_by_its_code(string errors, string code) => Assert.Equal(
        (ReceiptKind.Failed, code),
        Assert.Single(Read(About($$"""{"id":"wamid.X","status":"failed","errors":{{errors}}}""")).Receipts) switch { var it => (it.Kind, it.Code!) });

    [Fact]
    public void What_somebody_wrote_is_read_with_the_message_that_it_answers()
    {
        var incoming = Assert.Single(Read(Payload.Text("meta-wh-message-text")).Incoming);
        Assert.Equal(("+5491133334444", "BAJA", Id, "AR.1502576394655843"), (incoming.From, incoming.Text, incoming.QuotedId, incoming.Alias));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_795_343_011).AddMilliseconds(999), incoming.At);
    }

    [Theory]
    [InlineData("""{"id":"w","type":"button","button":{"payload":"STOP","text":"No más"}}""", "No más")]
    [InlineData("""{"id":"w","type":"interactive","interactive":{"type":"button_reply","button_reply":{"id":"1","title":"Sí"}}}""", "Sí")]
    [InlineData("""{"id":"w","type":"interactive","interactive":{"type":"list_reply","list_reply":{"id":"1","title":"Otro"}}}""", "Otro")]
    [InlineData("""{"id":"w","type":"image","image":{"id":"1","caption":"mira"}}""", "mira")]
    [InlineData("""{"id":"w","type":"sticker","sticker":{"id":"1"}}""", "")]
    [InlineData("""{"id":"w","type":"unsupported","errors":[{"code":131051}]}""", "")]
    [InlineData("""{"id":"w","type":"text","text":{"body":"\ud800"}}""", "")]
    [InlineData("""{"id":"w","type":"text","text":{"body":"a\u0000b"}}""", "a b")]
    [InlineData("""{"id":"w","type":"reaction","reaction":{"message_id":"wamid.Q","emoji":"👍"}}""", "👍")]
    public void Every_kind_of_message_has_its_words(string message, string text) =>
        Assert.Equal((null, text), Assert.Single(Read(Wrote(message)).Incoming) switch { var it => (it.From, it.Text) });

    [Theory]
    [InlineData("""{"id":"w","type":"system","system":{"type":"user_changed_number"}}""")]
    [InlineData("""{"type":"text","text":{"body":"x"}}""")]
    [InlineData("""{"id":"\u0000","type":"text","text":{"body":"x"}}""")]
    [InlineData("7")]
    public void What_nobody_wrote_is_no_message(string message)
    {
        var content = Read(Wrote(message));
        Assert.Empty(content.Incoming);
        Assert.Equal("no-message", content.SkippedReason);
    }

    [Theory]
    [InlineData("\"99999999999\"")]
    [InlineData("\"1\"")]
    [InlineData("\"-5\"")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    public void A_time_that_cannot_be_is_when_it_reached_us(string timestamp) =>
        Assert.Equal(At, Assert.Single(Read(About($$"""{"id":"wamid.X","status":"read","timestamp":{{timestamp}}}""")).Receipts).At);

    [Fact]
    public void All_entries_changes_and_items_are_read_whatever_stands_between_them()
    {
        const string Good = """{"id":"wamid.A","status":"read"}""";
        var body = $$$"""
            {"entry":[null,7,{"changes":"x"},{"changes":[
              {"field":"account_update","value":{}},
              {"field":"messages","value":7},
              {{{CloudAdvisor.Change("999", $"\"statuses\":[{Good}]")}}},
              {{{CloudAdvisor.Change(Number, $"\"statuses\":[null,{{\"id\":7}},{Good},{{\"id\":\"wamid.B\",\"status\":\"new\"}}]")}}},
              {{{CloudAdvisor.Change(Number, "\"statuses\":{},\"messages\":[[],{\"id\":\"w\",\"type\":\"text\"}]")}}}]},
             {"changes":[{{{CloudAdvisor.Change(Number, "\"statuses\":[{\"id\":\"wamid.C\",\"status\":\"delivered\"}]")}}}]}]}
            """;
        var content = Read(body);

        Assert.Equal(["wamid.A", "wamid.C"], content.Receipts.Select(receipt => receipt.GatewayMessageId));
        Assert.Single(content.Incoming);
        Assert.NotNull(content.SkippedReason);
    }

    [Fact]
    public void What_is_not_for_us_is_skipped_with_a_reason() => Assert.Equal(
        "other-field", Read("""{"entry":[{"id":"1","changes":[{"field":"flows","value":{}}]}]}""").SkippedReason);

    [Fact]
    public void A_template_that_is_paused_is_news_of_its_account() => Assert.Equal(
        ("102290129340398", "La plantilla «promo_noviembre (es_AR)» está en pausa por su calidad en Meta."),
        Assert.Single(Read(Payload.Text("meta-wh-template-paused")).News) switch { var it => (it.WabaId, it.Text) });

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"entry":{}}""")]
    [InlineData("\"\\ud800\"")]
    public void A_shape_that_nobody_knows_is_no_fault(string body) => Assert.Equal("not-an-event", Read(body).SkippedReason);

    private static WebhookContent Read(string body) => CloudEvents.Read(new WebhookReceived(CloudInstance.Of(Number), body, At));

    private static string About(string status) => CloudAdvisor.About(Number, $"\"statuses\":[{status}]");

    private static string Wrote(string message) => CloudAdvisor.About(Number, $"\"messages\":[{message}]");
}
