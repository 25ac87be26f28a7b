using MassMessaging.Simulator;
using MassMessaging.Simulator.Cloud;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Simulator.Cloud;

/// <summary>Meta's sends: strict in what they take, and each taken one is in the ledger.</summary>
public sealed class CloudSendSpecs
{
    [Fact]
    public async Task A_text_within_the_window_is_taken_and_answered_as_Meta_does()
    {
        await using var cloud = await SimulatedCloud.Start();
        cloud.PersonWrites();

        var sent = await cloud.SendText();

        var entry = Assert.Single(cloud.Host.Ledger.Entries);
        Assert.Equal((200, "Hola Ana", SimulatedCloud.Number), (sent.Status, entry.Text, entry.Instance));
        Assert.Equal(
            $$"""{"messaging_product":"whatsapp","contacts":[{"input":"5491133334444","wa_id":"5491133334444"}],"messages":[{"id":"{{entry.KeyId}}"}]}""",
            sent.Text);
    }

    [Fact]
    public async Task The_window_closes_24_hours_after_the_last_word()
    {
        var clock = new FakeTimeProvider(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var cloud = await SimulatedCloud.Start(options => options with { Clock = clock });
        var before = await cloud.SendText();
        cloud.PersonWrites(from: "541133334444"); // without the 9: one person all the same
        clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        var within = await cloud.SendText();
        clock.Advance(TimeSpan.FromSeconds(1));
        var after = await cloud.SendText();

        Assert.Equal([(400, 131047), (400, 131047)], [SimulatedCloud.Error(before), SimulatedCloud.Error(after)]);
        Assert.Equal(200, within.Status);
        Assert.Single(cloud.Host.Ledger.Entries);
    }

    [Fact]
    public async Task A_template_goes_outside_the_window_and_reads_as_approved()
    {
        await using var cloud = await SimulatedCloud.Start();
        var sent = await cloud.SendTemplate("saludo", "es_AR", "Ana", "Julia");

        var entry = Assert.Single(cloud.Host.Ledger.Entries);
        Assert.Equal(("saludo", "Hola Ana, soy Julia. Tengo novedades que te pueden interesar. ¿Te cuento?"), (entry.Template, entry.Text));
        Assert.Equal("accepted", sent.Json.GetProperty("messages")[0].GetProperty("message_status").GetString());
    }

    [Theory]
    [InlineData("saludo", "es_AR", "Ana", 132000)]
    [InlineData("saludo", "pt_BR", "Ana|Julia", 132001)]
    [InlineData("nobody", "es_AR", "", 132001)]
    [InlineData("saludo", "es_AR", "Ana\\nMaria|Julia", 132018)]
    [InlineData("saludo", "es_AR", "Ana     Maria|Julia", 132018)]
    [InlineData("saludo", "es_AR", "|Julia", 131008)]
    public async Task A_template_must_be_used_as_it_was_approved(string name, string language, string parameters, int code)
    {
        await using var cloud = await SimulatedCloud.Start();
        var answer = await cloud.SendTemplate(name, language, parameters.Length == 0 ? [] : parameters.Split('|'));

        Assert.Equal(code, SimulatedCloud.Error(answer).Code);
        Assert.Empty(cloud.Host.Ledger.Entries);
    }

    [Theory]
    [InlineData("PENDING", 132001)]
    [InlineData("REJECTED", 132001)]
    [InlineData("PAUSED", 132015)]
    [InlineData("DISABLED", 132016)]
    public async Task A_template_that_is_not_approved_is_refused(string status, int code)
    {
        await using var cloud = await SimulatedCloud.Start();
        cloud.Host.Cloud.AddTemplate(SimulatedCloud.Waba, "promo", "es_AR", "Hola", status);
        Assert.Equal(code, SimulatedCloud.Error(await cloud.SendTemplate("promo", "es_AR")).Code);
    }

    [Fact]
    public async Task Tokens_and_numbers_are_checked_before_anything_else()
    {
        await using var cloud = await SimulatedCloud.Start();
        cloud.Host.Cloud.Add(new CloudNumberOptions("777", "888", "other-token"));
        const string Path = "/v23.0/777/messages";

        Assert.Equal((401, 104), SimulatedCloud.Error(await cloud.Call(HttpMethod.Post, Path, "{}", token: null)));
        Assert.Equal((401, 190), SimulatedCloud.Error(await cloud.Call(HttpMethod.Post, Path, "{}", token: "wrong")));
        Assert.Equal((400, 100), SimulatedCloud.Error(await cloud.Call(HttpMethod.Post, Path, "{}"))); // another account's number
        Assert.Equal((400, 100), SimulatedCloud.Error(await cloud.Call(HttpMethod.Post, "/v23.0/999/messages", "{}", "other-token")));
        cloud.Host.Cloud.Accounts["888"].IsRevoked = true;
        Assert.Equal((401, 190), SimulatedCloud.Error(await cloud.Call(HttpMethod.Post, Path, "{}", "other-token")));
    }

    [Theory]
    [InlineData("""{"to":"5491133334444"}""", 100)]
    [InlineData("""{"messaging_product":"whatsapp"}""", 100)]
    [InlineData("""{"messaging_product":"whatsapp","to":"12"}""", 131009)]
    [InlineData("""{"messaging_product":"whatsapp","to":"5491133334444"}""", 131008)]
    [InlineData("""{"messaging_product":"whatsapp","to":"5491133334444","type":"text","text":{}}""", 131008)]
    [InlineData("""{"messaging_product":"whatsapp","to":"5491133334444","type":"song","song":{}}""", 100)]
    [InlineData("""{"messaging_product":"whatsapp","to":"5491133334444","type":"template","template":{"name":"x"}}""", 131008)]
    [InlineData("not json", 100)]
    [InlineData("", 100)]
    public async Task A_wrong_shape_gets_Metas_own_error(string body, int code)
    {
        await using var cloud = await SimulatedCloud.Start();
        cloud.PersonWrites();
        Assert.Equal((400, code), SimulatedCloud.Error(await cloud.Send(body)));
        Assert.Empty(cloud.Host.Ledger.Entries);
        Assert.Equal(400, Assert.Single(cloud.Host.Ledger.Received).Status);
    }

    [Fact]
    public async Task Text_and_reference_have_their_limits()
    {
        await using var cloud = await SimulatedCloud.Start();
        cloud.PersonWrites();
        Assert.Equal((400, 100), SimulatedCloud.Error(await cloud.SendText(new string('x', 4097))));
        Assert.Equal((400, 100), SimulatedCloud.Error(await cloud.SendText(more: $",\"biz_opaque_callback_data\":\"{new string('x', 513)}\"")));
        Assert.Equal(200, (await cloud.SendText(new string('x', 4096))).Status);
    }

    [Fact]
    public async Task More_than_80_at_once_are_too_many_for_the_number()
    {
        var clock = new FakeTimeProvider(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var cloud = await SimulatedCloud.Start(options => options with { Clock = clock });
        for (var index = 0; index < 40; index++) cloud.PersonWrites(from: $"54911333340{index:00}"); // what comes in counts as well
        for (var index = 0; index < 40; index++) Assert.Equal(200, (await cloud.SendText(to: $"54911333340{index:00}")).Status);

        var tooMany = await cloud.SendText(to: "5491133334000");
        clock.Advance(TimeSpan.FromMilliseconds(25));
        var later = await cloud.SendText(to: "5491133334001");

        Assert.Equal((400, 130429), SimulatedCloud.Error(tooMany));
        Assert.Equal(200, later.Status);
    }

    [Fact]
    public async Task More_than_45_at_once_are_too_many_for_one_person()
    {
        var clock = new FakeTimeProvider(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var cloud = await SimulatedCloud.Start(options => options with { Clock = clock });
        cloud.PersonWrites();
        for (var index = 0; index < 45; index++) Assert.Equal(200, (await cloud.SendText()).Status);

        Assert.Equal((400, 131056), SimulatedCloud.Error(await cloud.SendText()));
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(200, (await cloud.SendText()).Status);
    }

    [Theory]
    [InlineData(FaultKind.ServerError, 500, 0)]
    [InlineData(FaultKind.BadGateway, 502, 0)]
    [InlineData(FaultKind.BadGatewayAfter, 502, 1)]
    [InlineData(FaultKind.TooMany, 429, 0)]
    [InlineData(FaultKind.Unauthorized, 401, 0)]
    [InlineData(FaultKind.ConnectionClosed, 500, 0)]
    [InlineData(FaultKind.MetaErrorAfter, 500, 1)]
    public async Task Faults_are_switched_on_as_on_the_other_side(FaultKind kind, int status, int taken)
    {
        await using var cloud = await SimulatedCloud.Start();
        cloud.PersonWrites();
        cloud.Host.Faults.Set(new Fault(kind, Instance: SimulatedCloud.Number, Times: 1));

        Assert.Equal(status, (await cloud.SendText()).Status);
        Assert.Equal(taken, cloud.Host.Ledger.Entries.Count);
        Assert.Equal(200, (await cloud.SendText()).Status);
    }

    [Theory]
    [InlineData(FaultKind.CloseBefore, 0)]
    [InlineData(FaultKind.CloseAfter, 1)]
    public async Task A_connection_may_be_reset_before_or_after(FaultKind kind, int taken)
    {
        await using var cloud = await SimulatedCloud.Start();
        cloud.PersonWrites();
        cloud.Host.Faults.Set(new Fault(kind));
        await Assert.ThrowsAsync<HttpRequestException>(() => cloud.SendText());
        Assert.Equal(taken, cloud.Host.Ledger.Entries.Count);
    }

    [Fact]
    public async Task Any_code_can_be_asked_for_and_comes_with_its_own_status()
    {
        await using var cloud = await SimulatedCloud.Start();
        foreach (var code in GraphError.Codes)
        {
            cloud.Host.Faults.Set(new Fault(FaultKind.MetaError, Text: $"{code}"));
            Assert.Equal(code, SimulatedCloud.Error(await cloud.SendText()).Code);
        }
    }
}
