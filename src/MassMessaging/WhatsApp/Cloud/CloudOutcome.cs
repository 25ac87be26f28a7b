using System.Text.Json;

namespace MassMessaging.WhatsApp.Cloud;

/// <summary>What an answer of Meta to a send means. The code decides, never the HTTP status; without a code nothing is known.</summary>
internal static class CloudOutcome
{
    private const int WindowClosed = 131047;

    public static SendOutcome Of(GatewayAnswer answer)
    {
        if (FirstId(answer) is { ValueKind: JsonValueKind.String } id)
        {
            // It was sent, but no receipt could ever be joined to it.
            return id.AsText() is { } text && GatewayMessageId.IsValid(text)
                ? new SendOutcome.Accepted(text)
                : new SendOutcome.Unknown("bad-message-id");
        }

        return CodeOf(answer) switch
        {
            // Our clock and Meta's differ about the window's end: its word counts, and the member is looked at again.
            WindowClosed => new SendOutcome.RecipientHeld("window-closed"),
            { } code => MetaOutcome.Of(code, answer.Body, answer.RetryAfter),
            null when answer.Status == 429 => new SendOutcome.Throttled(answer.RetryAfter), // of the edge, before anything was read
            null when answer.IsSuccess => new SendOutcome.Unknown("no-message-id"),
            null => new SendOutcome.Unknown($"gateway-answered-{answer.Status}"),
        };
    }

    /// <summary>Null when the answer is no error of Meta's.</summary>
    public static int? CodeOf(GatewayAnswer answer) =>
        answer.At("error", "code") is { ValueKind: JsonValueKind.Number } code && code.TryGetInt32(out var number) ? number : null;

    private static JsonElement FirstId(GatewayAnswer answer) =>
        answer.At("messages") is { ValueKind: JsonValueKind.Array } messages && messages.GetArrayLength() > 0 ? messages[0].Field("id"u8) : default;
}
