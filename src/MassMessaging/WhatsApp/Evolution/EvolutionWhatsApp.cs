namespace MassMessaging.WhatsApp.Evolution;

/// <summary>Sends through Evolution API.</summary>
internal sealed class EvolutionWhatsApp(EvolutionClient client) : IWhatsApp
{
    public async Task<SendOutcome> Send(
        string instance, string number, OutgoingMessage message, Func<bool> mayWrite, CancellationToken ct)
    {
        if (message is not OutgoingMessage.Text { Body: var text }) return new SendOutcome.NotWritten("no-templates-here");
        if (client.Options.Url is null) return new SendOutcome.NotWritten("gateway-not-configured");

        // Pure digits: with a plus or spaces the gateway would not find the canonical address of Brazil, Mexico and Argentina.
        var digits = string.Concat(number.Where(char.IsAsciiDigit));

        // A preview would make the gateway fetch links: slow, and a way into its network.
        using var content = new OnceContent(EvolutionClient.Json(new { number = digits, text, linkPreview = false }), mayWrite);
        var path = $"message/sendText/{Uri.EscapeDataString(instance)}";
        return await OnceCall.Outcome(
            "evolution", content, async () => EvolutionOutcome.Of(await client.Call(HttpMethod.Post, path, content, client.Options.CallTimeout, ct)), ct);
    }
}
