using MassMessaging.Simulator;

namespace MassMessaging.Tests.Simulator;

/// <summary>WHATSAPP-BUSINESS: the same urls, other manners.</summary>
public sealed class BusinessSpecs
{
    [Fact]
    public async Task It_is_open_from_the_start_and_its_token_is_its_key()
    {
        await using var gateway = await Business();

        var state = await gateway.Get("/instance/connectionState/advisor-0043", "meta-token");

        Assert.Equal("""{"instance":{"instanceName":"advisor-0043","state":"open"}}""", state.Text);
    }

    [Fact]
    public async Task A_send_answers_Metas_id_and_the_rewritten_number()
    {
        await using var gateway = await Business();

        var key = (await gateway.SendText(instance: "advisor-0043")).Json.GetProperty("key");

        Assert.StartsWith("wamid.", key.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("541133334444@s.whatsapp.net", key.GetProperty("remoteJid").GetString());
    }

    [Fact]
    public async Task Metas_refusal_is_a_201_without_a_key()
    {
        await using var gateway = await Business();
        gateway.Host.Faults.Set(new(FaultKind.MetaError, Text: "131047"));

        var answer = await gateway.SendText(instance: "advisor-0043");

        Assert.Equal((201, 131047), (answer.Status, answer.Json.GetProperty("code").GetInt32()));
        Assert.False(answer.Json.TryGetProperty("key", out _));
        Assert.Empty(gateway.Host.Ledger.Entries);
    }

    [Fact]
    public async Task Statuses_have_Metas_names_a_wrong_fromMe_and_perhaps_a_wrong_number()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await Business(receiver.Url);
        gateway.Host.Faults.Set(new(FaultKind.WrongRemoteJid));

        await gateway.SendText(instance: "advisor-0043");
        await gateway.Host.Settled(CancellationToken.None);

        var updates = receiver.Of("messages.update");
        Assert.Equal(["DELIVERED", "READ", "SENT"], updates.Select(hook => hook.Status).Order(StringComparer.Ordinal));
        Assert.All(updates, hook => Assert.False(hook.Data.GetProperty("fromMe").GetBoolean()));
        Assert.All(updates, hook => Assert.Equal("541100000000@s.whatsapp.net", hook.Data.GetProperty("remoteJid").GetString()));
    }

    [Fact]
    public async Task A_failure_has_no_reason()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await Business(receiver.Url);
        gateway.Host.Faults.Set(new(FaultKind.ErrorAfter));

        await gateway.SendText(instance: "advisor-0043");
        var update = await receiver.Next("messages.update");

        Assert.Equal("FAILED", update.Status);
        Assert.False(update.Data.TryGetProperty("errors", out _));
    }

    [Fact]
    public async Task Sends_go_on_after_a_log_out()
    {
        await using var gateway = await Business();

        await gateway.Delete("/instance/logout/advisor-0043");

        Assert.Equal(201, (await gateway.SendText(instance: "advisor-0043")).Status);
    }

    private static async Task<SimulatedGateway> Business(string? webhookUrl = null)
    {
        var gateway = await SimulatedGateway.Start();
        var webhook = webhookUrl is null ? "" : $$""","webhook":{"url":"{{webhookUrl}}","events":["MESSAGES_UPDATE","SEND_MESSAGE"]}""";
        await gateway.Create("advisor-0043", "WHATSAPP-BUSINESS", $$""","token":"meta-token","number":"106540352242922"{{webhook}}""");
        return gateway;
    }
}
