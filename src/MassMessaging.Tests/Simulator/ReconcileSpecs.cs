using MassMessaging.Simulator;

namespace MassMessaging.Tests.Simulator;

/// <summary>What a sender can find out about a call that it does not know the end of.</summary>
public sealed class ReconcileSpecs
{
    [Fact]
    public async Task A_message_whose_answer_was_lost_is_found_by_chat_and_time()
    {
        await using var gateway = await SimulatedGateway.Open();
        gateway.Host.Faults.Set(new(FaultKind.CloseAfter));
        await Assert.ThrowsAsync<HttpRequestException>(() => gateway.SendText(text: "Hola Ana"));
        await gateway.Host.Settled(CancellationToken.None);

        var found = await Find(gateway, "5491133334444@s.whatsapp.net");

        var record = Assert.Single(found.EnumerateArray());
        Assert.Equal("Hola Ana", record.GetProperty("message").GetProperty("conversation").GetString());
        Assert.Equal(3, record.GetProperty("MessageUpdate").GetArrayLength());
    }

    [Fact]
    public async Task A_send_that_died_before_its_row_is_not_found()
    {
        await using var gateway = await SimulatedGateway.Open();
        gateway.Host.Faults.Set(new(FaultKind.TimedOutAfter));
        await gateway.SendText();

        Assert.Equal(0, (await Find(gateway, "5491133334444@s.whatsapp.net")).GetArrayLength());
        Assert.Single(gateway.Host.Ledger.Entries);
    }

    [Fact]
    public async Task Pages_are_as_large_as_offset_says()
    {
        await using var gateway = await SimulatedGateway.Open();
        for (var index = 0; index < 5; index++) await gateway.SendText(text: $"{index}");

        var found = await gateway.Post("/chat/findMessages/advisor-0042", """{"where":{"key":{"fromMe":true}},"page":3,"offset":2}""");

        var page = found.Json.GetProperty("messages");
        Assert.Equal(1, page.GetProperty("records").GetArrayLength());
        Assert.Equal((5, 3, 3), (Number("total"), Number("pages"), Number("currentPage")));

        int Number(string name) => page.GetProperty(name).GetInt32();
    }

    [Theory]
    [InlineData(FaultKind.LostWebhook, 3)]
    [InlineData(FaultKind.LostStatus, 0)]
    public async Task A_lost_webhook_can_be_pulled_and_a_lost_row_cannot(FaultKind kind, int statuses)
    {
        await using var gateway = await SimulatedGateway.Open();
        gateway.Host.Faults.Set(new(kind));
        var id = (await gateway.SendText()).Json.GetProperty("key").GetProperty("id").GetString();
        await gateway.Host.Settled(CancellationToken.None);

        var found = await gateway.Post("/chat/findStatusMessage/advisor-0042", $$$"""{"where":{"id":"{{{id}}}"}}""");

        Assert.Equal(statuses, found.Json.GetArrayLength());
        Assert.All(found.Json.EnumerateArray(), status => Assert.Equal(id, status.GetProperty("keyId").GetString()));
    }

    private static async Task<System.Text.Json.JsonElement> Find(SimulatedGateway gateway, string jid)
    {
        var at = gateway.Host.Ledger.Entries[0].ReceivedAt;
        var (from, to) = ($"{at.AddMinutes(-1):O}", $"{at.AddMinutes(1):O}");
        var key = $$"""{"remoteJid":"{{jid}}","fromMe":true}""";
        var body = $$$"""{"where":{"key":{{{key}}},"messageTimestamp":{"gte":"{{{from}}}","lte":"{{{to}}}"} } }""";
        return (await gateway.Post("/chat/findMessages/advisor-0042", body)).Json.GetProperty("messages").GetProperty("records");
    }
}
