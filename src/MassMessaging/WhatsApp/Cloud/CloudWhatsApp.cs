using System.Text.RegularExpressions;

namespace MassMessaging.WhatsApp.Cloud;

/// <summary>Sends through Meta's Cloud API.</summary>
internal sealed partial class CloudWhatsApp(CloudClient client, CloudAccounts accounts) : IWhatsApp
{
    private const int MaxAnswerBytes = 16 * 1024;

    public async Task<SendOutcome> Send(
        string instance, string number, OutgoingMessage message, Func<bool> mayWrite, CancellationToken ct)
    {
        CloudAccount? account;
        try
        {
            account = await accounts.Of(CloudInstance.PhoneNumberId(instance), ct);
        }
        catch (Exception) // The database is away, or the call was given up: nothing was written.
        {
            return new SendOutcome.NotWritten("credentials-unreadable");
        }

        if (account is null) return new SendOutcome.InstanceGone("number-missing");
        if (account.IsDisconnected) return new SendOutcome.InstanceDown("disconnected");
        if (account.Secrets is not { AccessToken: var token }) return new SendOutcome.InstanceGone("credentials-unreadable");

        using var content = new OnceContent(CloudClient.Json(Body(number, message)), mayWrite);
        var path = $"{account.PhoneNumberId}/messages";
        return await OnceCall.Outcome(
            "cloud", content,
            async () => CloudOutcome.Of(
                await client.Call(HttpMethod.Post, path, token, content, client.Options.CallTimeout, MaxAnswerBytes, ct)),
            ct);
    }

    private static Dictionary<string, object> Body(string number, OutgoingMessage message)
    {
        var body = new Dictionary<string, object>
        {
            ["messaging_product"] = "whatsapp",
            ["recipient_type"] = "individual",
            ["to"] = string.Concat(number.Where(char.IsAsciiDigit)),
        };
        switch (message)
        {
            case OutgoingMessage.Text text:
                body["type"] = "text";
                body["text"] = new { body = text.Body, preview_url = false };
                break;
            case OutgoingMessage.Template template:
                body["type"] = "template";
                body["template"] = new { name = template.Name, language = new { code = template.Language }, components = Components(template) };
                break;
        }

        if (message.Reference is { } reference) body["biz_opaque_callback_data"] = reference;
        return body;
    }

    private static object[] Components(OutgoingMessage.Template template) => template.Parameters.Count == 0
        ? []
        : [new { type = "body", parameters = template.Parameters.Select(text => new { type = "text", text = Parameter(text) }).ToArray() }];

    /// <summary>Meta refuses parameters with line breaks, tabs or more than four spaces in a row.</summary>
    internal static string Parameter(string text) => Spaces().Replace(Breaks().Replace(text, " "), "   ").Trim();

    [GeneratedRegex(@"[\r\n\t\v\f\u0085\u2028\u2029]+", RegexOptions.NonBacktracking)]
    private static partial Regex Breaks();

    [GeneratedRegex(" {4,}", RegexOptions.NonBacktracking)]
    private static partial Regex Spaces();
}
