using System.Text.Json;
using System.Text.RegularExpressions;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Simulator;

public sealed partial class SendTextSpecs
{
    [Fact]
    public async Task A_taken_message_is_a_201_with_a_22_character_id_and_stands_in_the_ledger()
    {
        await using var gateway = await SimulatedGateway.Open();

        var answer = await gateway.SendText(text: "Hola Ana");

        Assert.Equal(201, answer.Status);
        var id = answer.Json.GetProperty("key").GetProperty("id").GetString()!;
        Assert.Matches(Id(), id);
        var entry = Assert.Single(gateway.Host.Ledger.Entries);
        Assert.Equal((1, "advisor-0042", "5491133334444", "Hola Ana"), (entry.Sequence, entry.Instance, entry.Number, entry.Text));
        Assert.Equal((id, true), (entry.KeyId, entry.Answered));
    }

    [Theory]
    [InlineData("""{"text":"a"}""", "instance requires property \"number\"")]
    [InlineData("""{"number":"1","text":1}""", "text is not of a type(s) string")]
    [InlineData("""{"number":"1","text":"a","linkPreview":"no"}""", "linkPreview is not of a type(s) boolean")]
    [InlineData("""{"number":"1","text":"a","delay":1.5}""", "Enter a value in milliseconds")]
    [InlineData("""{"number":"1","text":"a","delay":"1"}""", "Enter a value in milliseconds")]
    [InlineData("""{"number":"1","text":"a","quoted":{"key":{}}}""", "quoted.key requires property \"id\"")]
    [InlineData("""{"number":"1","text":"a","mentioned":[1]}""", "\"mentioned\" must be an array of numeric strings")]
    [InlineData("""{"number":"1","textMessage":{"text":"a"}}""", "instance requires property \"text\"")]
    public async Task The_schema_names_what_is_wrong(string body, string complaint)
    {
        await using var gateway = await SimulatedGateway.Open();

        var answer = await gateway.Post("/message/sendText/advisor-0042", body);

        Assert.Equal(400, answer.Status);
        Assert.Equal(complaint, answer.Json.GetProperty("response").GetProperty("message")[0][0].GetString());
        Assert.Empty(gateway.Host.Ledger.Entries);
    }

    [Theory]
    [InlineData("")]
    [InlineData("123")]
    [InlineData("hello")]
    public async Task What_is_no_number_is_not_on_WhatsApp(string number)
    {
        await using var gateway = await SimulatedGateway.Open();

        var answer = await gateway.SendText(number);

        Assert.Equal(400, answer.Status);
        Assert.False(answer.Json.GetProperty("response").GetProperty("message")[0].GetProperty("exists").GetBoolean());
    }

    [Fact]
    public async Task A_delay_holds_the_call_and_the_message_is_taken_after_it()
    {
        var clock = new FakeTimeProvider();
        await using var gateway = await SimulatedGateway.Open(with: options => options with { Clock = clock });

        var call = gateway.Post("/message/sendText/advisor-0042", """{"number":"5491133334444","text":"a","delay":2500}""");
        await Eventually.True(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(100));
                return Task.FromResult(call.IsCompleted);
            },
            TimeSpan.FromSeconds(30), "the call is answered");

        var entry = Assert.Single(gateway.Host.Ledger.Entries);
        Assert.Equal(201, (await call).Status);
        Assert.True(entry.TakenMicros - entry.ReceivedMicros >= 2_500_000);
    }

    [Fact]
    public async Task A_caller_that_gives_up_during_the_delay_has_sent_all_the_same()
    {
        var clock = new FakeTimeProvider();
        await using var gateway = await SimulatedGateway.Open(with: options => options with { Clock = clock });
        using var patience = new CancellationTokenSource();

        const string body = """{"number":"5491133334444","text":"a","delay":2500}""";
        var call = gateway.Call(HttpMethod.Post, "/message/sendText/advisor-0042", body, ct: patience.Token);
        await Eventually.True(
            () => Task.FromResult(gateway.Host.Ledger.Received is [{ Number: not null }]), TimeSpan.FromSeconds(30), "the call has arrived");
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Eventually.True(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(100));
                return Task.FromResult(gateway.Host.Ledger.Entries.Count == 1);
            },
            TimeSpan.FromSeconds(30), "the message is taken");

        Assert.True(gateway.Host.Ledger.Received[0].Taken);
    }

    [Fact]
    public async Task A_never_connected_instance_fails_in_other_words_for_a_known_number()
    {
        await using var gateway = await SimulatedGateway.Open();
        await gateway.SendText();
        await gateway.Create("fresh");

        var unknown = await gateway.SendText("34600110000", instance: "fresh");
        var known = await gateway.SendText(instance: "fresh");

        Assert.Equal((500, "Cannot read properties of undefined (reading 'onWhatsApp')"), Crash(unknown));
        Assert.Equal((400, "TypeError: Cannot read properties of undefined (reading 'sendMessage')"), Refusal(known));
    }

    [Fact]
    public async Task A_connecting_instance_fails_in_other_words_for_a_known_number()
    {
        await using var gateway = await SimulatedGateway.Open(with: options => options with { AutoOpen = false });
        await gateway.SendText();
        await gateway.Create("fresh");
        await gateway.Get("/instance/connect/fresh");

        var unknown = await gateway.SendText("34600110000", instance: "fresh");
        var known = await gateway.SendText(instance: "fresh");

        Assert.Equal((500, "Connection Closed"), Crash(unknown));
        Assert.Equal((400, "TypeError: Cannot read properties of undefined (reading 'id')"), Refusal(known));
    }

    [Fact]
    public async Task A_logged_out_instance_fails_as_a_closed_connection()
    {
        await using var gateway = await SimulatedGateway.Open();
        await gateway.SendText();
        await gateway.Delete("/instance/logout/advisor-0042");

        var unknown = await gateway.SendText("34600110000");
        var known = await gateway.SendText();

        Assert.Equal((500, "Connection Closed"), Crash(unknown));
        Assert.Equal((400, "Error: Connection Closed"), Refusal(known));
        Assert.Single(gateway.Host.Ledger.Entries);
    }

    [Fact]
    public async Task Media_takes_the_same_way_and_a_template_only_goes_out_on_business()
    {
        await using var gateway = await SimulatedGateway.Open();

        var media = await gateway.Post("/message/sendMedia/advisor-0042", """{"number":"34600110000","mediatype":"document","media":"https://x.example.com/a.pdf"}""");
        var local = await gateway.Post("/message/sendMedia/advisor-0042", """{"number":"34600110000","mediatype":"image","media":"http://localhost/a.jpg"}""");
        var template = await gateway.Post("/message/sendTemplate/advisor-0042", """{"number":"34600110000","name":"promo","language":"es_AR"}""");

        Assert.Equal((201, "documentMessage"), (media.Status, media.Json.GetProperty("messageType").GetString()));
        Assert.Equal((400, "Owned media must be a url or base64"), Refusal(local));
        Assert.Equal((500, "Method not available in the Baileys service"), Crash(template));
    }

    [Fact]
    public async Task Every_request_that_arrives_is_counted_even_when_it_is_refused()
    {
        await using var gateway = await SimulatedGateway.Open();

        await gateway.SendText();
        await gateway.SendText(instance: "ghost");
        await gateway.Post("/message/sendText/advisor-0042", "{}", key: "wrong");

        Assert.Equal([(201, true), (404, false), (401, false)], gateway.Host.Ledger.Received.Select(send => (send.Status, send.Taken)));
    }

    private static (int, string?) Crash(Answer answer) => (answer.Status, Message(answer).GetString());

    private static (int, string?) Refusal(Answer answer) => (answer.Status, Message(answer)[0].GetString());

    private static JsonElement Message(Answer answer) => answer.Json.GetProperty("response").GetProperty("message");

    [GeneratedRegex("^3EB0[0-9A-F]{18}$", RegexOptions.NonBacktracking)]
    private static partial Regex Id();
}
