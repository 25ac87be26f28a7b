using System.Net;
using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Tests.Harness;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Cloud;

namespace MassMessaging.Tests.WhatsApp.Cloud;

/// <summary>
/// Meta adds fields and shapes as it likes, and batches everything: nothing valid in a batch is lost, and nothing makes us answer 5xx.
/// </summary>
public sealed class CloudFuzzSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string Number = "106540352242922";

    private static readonly string[] Names =
    [
        "entry", "changes", "field", "value", "metadata", "phone_number_id", "statuses", "messages", "contacts", "id", "status", "timestamp", "errors",
        "code", "type", "text", "body", "from", "from_user_id", "context", "biz_opaque_callback_data", "user_preferences", "wa_id", "category", "event",
        "restriction_info", "ban_info", "waba_ban_state", "\\ud800", "new_field", "",
    ];

    private static readonly Gen<string> Scalar = Gen.Elements(
        "null", "true", "false", "7", "-1e400", "131050", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"x\\udc00\"", "\"messages\"", "\"failed\"",
        "\"read\"", "\"wamid.\\u0000\"", "\"5491133334444\"", "\"stop\"", "\"marketing_messages\"", "\"99999999999999999999\"", "\"account_update\"",
        "\"ACCOUNT_VIOLATION\"", $"\"{Number}\"", $"\"{new string('9', 20_000)}\"");

    /// <summary>Items of a batch: what is valid, and how it must be read.</summary>
    private sealed record Item(string Change, string? Receipt = null, string? Incoming = null, string? Preference = null);

    [Fact]
    public void Whatever_stands_around_it_each_valid_item_of_a_batch_is_read_once() => Prop.ForAll(Batches(Number, "1").ToArbitrary(), batch =>
    {
        var content = CloudEvents.Read(new WebhookReceived(CloudInstance.Of(Number), batch.Body, DateTimeOffset.UnixEpoch.AddYears(56)));

        AreRead(content.Receipts.Select(receipt => receipt.GatewayMessageId), batch.Items.Select(item => item.Receipt));
        AreRead(content.Incoming.Select(text => text.GatewayMessageId), batch.Items.Select(item => item.Incoming));
        AreRead(content.Preferences.Select(one => one.Phone), batch.Items.Select(item => item.Preference));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public async Task Over_HTTP_all_are_taken_and_what_is_valid_among_them_arrives()
    {
        var advisor = await CloudAdvisor.Of(app);
        var waba = advisor.Number.Account.Id;
        for (var seed = 0; seed < 40; seed++)
        {
            var batch = Batches(advisor.Number.Id, waba).Sample(4, 1)[0];
            var phone = $"54911{44_000_000 + seed}";
            var good = Message(advisor.Number.Id, $"wamid.GOOD{seed}", phone);
            var body = batch.Body[..^2] + $$$""",{"id":"{{{waba}}}","changes":[7,{{{good}}}]}]}""";
            Assert.Equal(HttpStatusCode.OK, (await advisor.Notify(body)).StatusCode);
        }

        await app.Settle();
        Assert.Equal(40, await app.Database.Value<long>("select count(*) from whatsapp_pair where phone like '+5491144%'"));
        Assert.Equal(0, await app.Database.Value<long>("select count(*) from message where queue in ('receipts', 'replies')"));
    }

    private static void AreRead(IEnumerable<string> read, IEnumerable<string?> written) =>
        Assert.Equal(written.OfType<string>().Order(StringComparer.Ordinal), read.Order(StringComparer.Ordinal));

    private static Gen<(string Body, Item[] Items)> Batches(string number, string waba) =>
        from items in Gen.Choose(0, 2).SelectMany(kind => Gen.Choose(1, 99_999).Select(id => ItemOf(kind, id, number))).ArrayOf(6)
        from junk in Json(3).ArrayOf(12)
        from order in Gen.Shuffle(Enumerable.Range(0, 18).ToArray())
        from cut in Gen.Choose(0, 18)
        select (Body(waba, [.. order.Select(place => place < 6 ? items[place].Change : junk[place - 6])], cut), items);

    /// <summary>In two entries with junk between them.</summary>
    private static string Body(string waba, IReadOnlyList<string> changes, int cut) =>
        $$"""{"object":"whatsapp_business_account","new":[1],"entry":[{{Entry(waba, changes.Take(cut))}},7,null,{"changes":{} },{{Entry(waba, changes.Skip(cut))}}]}""";

    private static string Entry(string waba, IEnumerable<string> changes) =>
        $$"""{"id":"{{waba}}","time":1795343020,"changes":[{{string.Join(',', changes)}}]}""";

    private static Item ItemOf(int kind, int id, string number) => kind switch
    {
        0 => new(CloudAdvisor.Change(number, $$"""
            "new":{"id":7},"statuses":[null,{"id":7,"status":"read"},{"new":[],"id":"wamid.S{{id}}","status":"delivered","pricing":7}]
            """), Receipt: $"wamid.S{id}"),
        1 => new(Message(number, $"wamid.M{id}", "5491133334444"), Incoming: $"wamid.M{id}"),
        _ => new(
            $$"""{"field":"user_preferences","new":1,"value":{"user_preferences":[7,{"wa_id":"54911330{{id:00000}}","category":"marketing_messages","value":"stop","new":{} }]} }""",
            Preference: $"+54911330{id:00000}"),
    };

    private static string Message(string number, string id, string from) => CloudAdvisor.Change(number, $$"""
        "messages":[[],{"id":"{{id}}","from":"{{from}}","type":"text","text":{"body":"hola","new":1},"new":null}]
        """);

    private static Gen<string> Json(int depth) => depth == 0
        ? Scalar
        : Gen.Frequency(
            (2, Scalar),
            (1, Gen.Choose(0, 4).SelectMany(count => Json(depth - 1).ArrayOf(count)).Select(items => $"[{string.Join(',', items)}]")),
            (3, Gen.Choose(0, 5).SelectMany(count => Field(depth - 1).ArrayOf(count)).Select(fields => $"{{{string.Join(',', fields)}}}")));

    private static Gen<string> Field(int depth) => from name in Gen.Elements(Names) from value in Json(depth) select $"\"{name}\":{value}";
}
