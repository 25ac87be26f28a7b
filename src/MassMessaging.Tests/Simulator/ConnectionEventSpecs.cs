namespace MassMessaging.Tests.Simulator;

public sealed class ConnectionEventSpecs
{
    [Fact]
    public async Task A_transient_drop_shows_connecting_and_open_but_never_close()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await SimulatedGateway.Open(receiver.Url);
        await gateway.Host.Settled(CancellationToken.None);
        var before = receiver.Of("connection.update").Count;

        await gateway.Post("/simulator/instances/advisor-0042/drop", """{"milliseconds":1}""");
        await gateway.Host.Settled(CancellationToken.None);

        var states = receiver.Of("connection.update").Skip(before).Select(hook => hook.Data.GetProperty("state").GetString());
        Assert.Equal(["connecting", "open"], states.Order(StringComparer.Ordinal));
        Assert.Equal(201, (await gateway.SendText()).Status);
    }

    [Fact]
    public async Task A_dropped_socket_refuses_until_it_is_back()
    {
        await using var gateway = await SimulatedGateway.Open();

        await gateway.Post("/simulator/instances/advisor-0042/drop", """{"milliseconds":600000}""");

        Assert.Equal(500, (await gateway.SendText()).Status);
    }

    [Fact]
    public async Task A_removed_device_announces_itself_three_times()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await SimulatedGateway.Open(receiver.Url);
        await gateway.Host.Settled(CancellationToken.None);

        await gateway.Post("/simulator/instances/advisor-0042/log-out", "");
        await gateway.Host.Settled(CancellationToken.None);

        Assert.Equal(System.Text.Json.JsonValueKind.Null, Assert.Single(receiver.Of("logout.instance")).Data.ValueKind);
        Assert.Equal(401, Assert.Single(receiver.Of("status.instance")).Data.GetProperty("disconnectionReasonCode").GetInt32());
        var close = receiver.Of("connection.update").Select(hook => hook.Data).Single(data => data.GetProperty("statusReason").GetInt32() == 401);
        Assert.Equal("close", close.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Linking_announces_the_code_and_the_open_connection()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await SimulatedGateway.Start();
        await gateway.Create("advisor-0042", more: $$""","webhook":{"url":"{{receiver.Url}}","events":[]}""");

        await gateway.Get("/instance/connect/advisor-0042");
        await gateway.Host.Settled(CancellationToken.None);

        Assert.Equal(
            ["connection.update", "connection.update", "instance.create", "qrcode.updated"],
            receiver.All.Select(hook => hook.Event).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Deleting_announces_the_end_twice()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await SimulatedGateway.Open(receiver.Url);

        await gateway.Delete("/instance/delete/advisor-0042");
        await gateway.Host.Settled(CancellationToken.None);

        Assert.Single(receiver.Of("instance.delete"));
        Assert.Single(receiver.Of("remove.instance"));
    }

    [Fact]
    public async Task An_incoming_message_may_quote_ours_come_from_a_privacy_id_or_from_the_own_phone()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await SimulatedGateway.Open(receiver.Url);
        var id = (await gateway.SendText()).Json.GetProperty("key").GetProperty("id").GetString();

        await gateway.Post("/simulator/instances/advisor-0042/incoming", $$"""{"from":"5491133334444","text":"hola","quotedId":"{{id}}","lid":true}""");
        var hook = (await receiver.Next("messages.upsert")).Data;
        await gateway.Post("/simulator/instances/advisor-0042/incoming", """{"from":"5491133334444","text":"te respondo yo","fromMe":true}""");
        var own = (await receiver.Next("messages.upsert")).Data;

        Assert.EndsWith("@lid", hook.GetProperty("key").GetProperty("remoteJid").GetString(), StringComparison.Ordinal);
        Assert.Equal("541133334444@s.whatsapp.net", hook.GetProperty("key").GetProperty("remoteJidAlt").GetString());
        Assert.Equal(id, hook.GetProperty("contextInfo").GetProperty("stanzaId").GetString());
        Assert.True(own.GetProperty("key").GetProperty("fromMe").GetBoolean());
    }

    [Theory]
    [InlineData("ghost", """{"from":"1","text":"a"}""", 404)]
    [InlineData("advisor-0042", """{"text":"a"}""", 400)]
    [InlineData("advisor-0042", """{"from":"1","text":"a","quotedId":"unknown"}""", 400)]
    public async Task An_incoming_message_that_cannot_be_is_refused(string instance, string body, int status)
    {
        await using var gateway = await SimulatedGateway.Open();

        Assert.Equal(status, (await gateway.Post($"/simulator/instances/{instance}/incoming", body)).Status);
    }
}
