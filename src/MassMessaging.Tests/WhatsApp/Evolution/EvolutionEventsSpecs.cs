using FsCheck;
using FsCheck.Fluent;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Evolution;

namespace MassMessaging.Tests.WhatsApp.Evolution;

public sealed class EvolutionEventsSpecs
{
    private const string Id = "3EB0C97B44F28FFC7C85B3";
    private const string BusinessId = "wamid.HBgNNTQ5MTEzMzMzNDQ0NBUCABEYEjE1RkQ3QzA5RjVBMDgxMzQ2RAA=";

    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("wh-messages.update-DELIVERY_ACK", Id, ReceiptKind.Delivered, null)]
    [InlineData("wh-messages.update-READ", Id, ReceiptKind.Read, null)]
    [InlineData("wh-messages.update-PLAYED", Id, ReceiptKind.Read, null)]
    [InlineData("wh-messages.update-ERROR", Id, ReceiptKind.Failed, "gateway-error")]
    [InlineData("wh-business-messages.update-DELIVERED", BusinessId, ReceiptKind.Delivered, null)]
    [InlineData("wh-business-messages.update-READ", BusinessId, ReceiptKind.Read, null)]
    public void A_status_of_our_message_is_a_receipt(string payload, string id, ReceiptKind kind, string? code) =>
        Assert.Equal([new ReceiptArrived("own", id, kind, At, code)], Read(Payload.Text(payload)).Receipts);

    [Fact]
    public void A_business_failure_has_no_reason_of_its_own() =>
        Assert.Equal(
            [new ReceiptArrived("own", "wamid.X", ReceiptKind.Failed, At, "gateway-error")],
            Read(Update("""{"keyId":"wamid.X","fromMe":false,"status":"FAILED"}""")).Receipts);

    [Theory]
    [InlineData("wh-messages.update-SERVER_ACK")]
    [InlineData("wh-business-messages.update-SENT")]
    public void That_it_was_taken_is_no_news(string payload) => Assert.Empty(Read(Payload.Text(payload)).Receipts);

    [Theory]
    [InlineData("READ")]
    [InlineData("DELIVERY_ACK")]
    [InlineData("PLAYED")]
    public void That_we_read_theirs_is_no_receipt(string status) =>
        Assert.Empty(Read(Update($$"""{"keyId":"3A554E20ECABF3D45BB2","fromMe":false,"status":"{{status}}"}""")).Receipts);

    [Fact]
    public void A_privacy_id_in_the_address_does_not_matter() =>
        Assert.Single(Read(Update("""{"keyId":"3EB0X","remoteJid":"185031603552434@lid","fromMe":true,"status":"READ"}""")).Receipts);

    [Fact]
    public void One_broken_update_leaves_its_neighbours() =>
        Assert.Single(Read(Update("""[null, 7, {"status":"READ"}, {"keyId":3}, {"keyId":"3EB0X","fromMe":true,"status":"READ"}]""")).Receipts);

    [Theory]
    [InlineData("")]
    [InlineData("\\u0000")]
    [InlineData("3EB0\\u0007")]
    [InlineData("3EB0\\ud800")]
    public void An_id_that_cannot_be_kept_is_skipped_with_a_reason_and_leaves_its_neighbours(string id)
    {
        var content = Read(Update($$"""[{"keyId":"{{id}}","status":"READ"}, {"keyId":"3EB0X","fromMe":true,"status":"READ"}]"""));
        Assert.Equal("3EB0X", Assert.Single(content.Receipts).GatewayMessageId);
        Assert.Equal("bad-message-id", content.SkippedReason);
    }

    [Fact]
    public void A_name_that_is_no_text_hides_nothing() => Assert.Single(
        Read("""{"\ud800":1,"event":"messages.update","data":{"\ud800":"\ud800","keyId":"3EB0X","status":"READ"},"\udc00":2}""").Receipts);

    [Theory]
    [InlineData("wh-connection.update-open", InstanceState.Open, null, "+5491155550000")]
    [InlineData("wh-connection.update-connecting", InstanceState.Connecting, null, null)]
    [InlineData("wh-connection.update-close-401", InstanceState.Close, "logged-out", null)]
    [InlineData("wh-status.instance-closed", InstanceState.Close, "logged-out", null)]
    [InlineData("wh-logout.instance", InstanceState.Close, null, null)]
    [InlineData("wh-remove.instance", InstanceState.Close, "instance-missing", null)]
    public void What_happens_to_the_connection_is_seen(string payload, InstanceState state, string? reason, string? phone) =>
        Assert.Equal(new InstanceStateSeen("own", state, reason, phone, At), Read(Payload.Text(payload)).State);

    [Fact]
    public void A_late_qr_code_does_not_close_an_open_instance() =>
        Assert.Equal(InstanceState.Close, Read(Payload.Text("wh-qrcode.updated")).State!.OnlyFrom);

    [Fact]
    public void The_last_qr_code_that_nobody_scanned_closes_it() =>
        Assert.Equal(
            new InstanceStateSeen("own", InstanceState.Close, "qr-code-not-scanned", null, At, InstanceState.Connecting),
            Read("""{"event":"qrcode.updated","data":{"message":"QR code limit reached","statusCode":500}}""").State);

    [Theory]
    [InlineData("5491155550000:16@s.whatsapp.net", "+5491155550000")]
    [InlineData("185031603552434@lid", null)]
    [InlineData("x@s.whatsapp.net", null)]
    public void The_linked_number_is_read_without_its_device(string jid, string? phone) =>
        Assert.Equal(phone, Read($$$"""{"event":"connection.update","data":{"state":"open","wuid":"{{{jid}}}"}}""").State!.Phone);

    [Theory]
    [InlineData("wh-messages.upsert-fromMe-phone")]
    [InlineData("wh-send.message")]
    [InlineData("wh-messages.delete")]
    [InlineData("wh-instance.create")]
    public void What_is_not_for_us_yet_is_skipped_with_a_reason(string payload)
    {
        var content = Read(Payload.Text(payload));
        Assert.Empty(content.Receipts);
        Assert.Null(content.State);
        Assert.NotNull(content.SkippedReason);
    }

    [Theory]
    [InlineData("wh-messages.upsert-text", "+5491133334444", "hola, me interesa", null, null)]
    [InlineData("wh-messages.upsert-image", "+5491133334444", "mira", null, null)]
    [InlineData("wh-messages.upsert-lid-with-alt", "+5491133334444", "desde lid", null, "185031603552434@lid")]
    [InlineData("wh-business-messages.upsert-button", "+541133334444", "No quiero más mensajes", BusinessId, null)]
    public void What_somebody_wrote_is_read(string payload, string from, string text, string? quoted, string? alias)
    {
        var incoming = Assert.Single(Read(Payload.Text(payload)).Incoming);
        Assert.Equal(("own", from, text, quoted, alias), (incoming.Instance, incoming.From, incoming.Text, incoming.QuotedId, incoming.Alias));
    }

    [Theory]
    [InlineData("""{"key":{"remoteJid":"120363@g.us","id":"3A","fromMe":false},"message":{"conversation":"x"}}""")]
    [InlineData("""{"key":{"remoteJid":"status@broadcast","id":"3A","fromMe":false},"message":{"conversation":"x"}}""")]
    [InlineData("""{"key":{"remoteJid":"5491133334444@s.whatsapp.net","id":"3A"},"message":{"conversation":"x"}}""")]
    public void Groups_broadcasts_and_our_own_words_are_no_incoming_message(string data)
    {
        var content = Read($$"""{"event":"messages.upsert","data":{{data}}}""");
        Assert.Empty(content.Incoming);
        Assert.NotNull(content.SkippedReason);
    }

    [Fact]
    public void Without_a_phone_the_privacy_id_is_all_that_is_known()
    {
        const string Data = """{"key":{"remoteJid":"185031603552434@lid","id":"3A","fromMe":false},"message":{"stickerMessage":{}}}""";
        var incoming = Assert.Single(Read($$"""{"event":"messages.upsert","data":{{Data}}}""").Incoming);
        Assert.Equal((null, "", "185031603552434@lid", At), (incoming.From, incoming.Text, incoming.Alias, incoming.At));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"event":7}""")]
    [InlineData("""{"event":"messages.update"}""")]
    [InlineData("""{"event":"messages.update","data":"x"}""")]
    [InlineData("""{"event":"connection.update","data":[]}""")]
    [InlineData("""{"event":"status.instance","data":null}""")]
    [InlineData("""{"event":"qrcode.updated","data":null}""")]
    public void A_shape_that_nobody_knows_is_no_fault(string body) => Assert.Empty(Read(body).Receipts);

    [Fact]
    public void Cut_anywhere_a_webhook_is_no_fault()
    {
        var whole = Payload.Text("wh-messages.update-READ");
        Prop.ForAll(Gen.Choose(0, whole.Length - 2).ToArbitrary(), length => Read(whole[..length]).Receipts.Count == 0).QuickCheckThrowOnFailure();
    }

    private static WebhookContent Read(string body) => EvolutionEvents.Read(new WebhookReceived("own", body, At));

    private static string Update(string data) => $$"""{"event":"messages.update","instance":"someone-else","data":{{data}}}""";
}
