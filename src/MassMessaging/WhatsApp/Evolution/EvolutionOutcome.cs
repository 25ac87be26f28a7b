using System.Text.Json;
using System.Text.RegularExpressions;

namespace MassMessaging.WhatsApp.Evolution;

/// <summary>
/// What an answer to a send means, after Evolution API 2.3.6. <c>response.message</c> is a string, a list of strings (a rule or any
/// exception while sending), a list of lists (the schema), or a list of objects (the recipient). What nobody has seen before is unknown,
/// never a refusal: a wrong guess there would send twice or lose a person.
/// </summary>
internal static partial class EvolutionOutcome
{
    public static SendOutcome Of(int status, string body, TimeSpan? retryAfter = null) => Of(GatewayAnswer.Of(status, body, retryAfter));

    public static SendOutcome Of(GatewayAnswer answer)
    {
        if (answer.IsSuccess) return OfSuccess(answer);

        var message = answer.At("response", "message");
        var words = Words(message);
        return answer.Status switch
        {
            401 => new SendOutcome.InstanceGone("gateway-key-refused"),
            404 => new SendOutcome.InstanceGone("instance-missing"),
            429 => new SendOutcome.Throttled(answer.RetryAfter),
            400 when IsNotOnWhatsApp(message) => new SendOutcome.Refused("not-on-whatsapp", answer.Body),
            400 when IsOurMistake(message, words) => new SendOutcome.Refused("gateway-rejected", answer.Body),
            400 or 500 when NoSocket().IsMatch(words) => new SendOutcome.InstanceDown("instance-not-connected"),
            500 when words == "Connection Closed" => new SendOutcome.InstanceDown("connection-closed"),
            400 when words.Contains("Timed Out", StringComparison.OrdinalIgnoreCase) => new SendOutcome.Unknown("gateway-timed-out"),
            400 when words.Contains("Connection Closed", StringComparison.OrdinalIgnoreCase) => new SendOutcome.Unknown("connection-closed"),
            _ => new SendOutcome.Unknown($"gateway-answered-{answer.Status}"),
        };
    }

    /// <summary>201 alone says nothing: for a business instance Meta's refusals come as 201 too, without a key.</summary>
    private static SendOutcome OfSuccess(GatewayAnswer answer)
    {
        if (answer.At("key", "id") is { ValueKind: JsonValueKind.String } id)
        {
            // It was sent, but no receipt could ever be joined to it.
            return id.AsText() is { } text && GatewayMessageId.IsValid(text)
                ? new SendOutcome.Accepted(text)
                : new SendOutcome.Unknown("bad-message-id");
        }

        return answer.At("code") is { ValueKind: JsonValueKind.Number } code && code.TryGetInt32(out var number)
            ? MetaOutcome.Of(number, answer.Body)
            : new SendOutcome.Unknown("no-message-id");
    }

    private static bool IsNotOnWhatsApp(JsonElement message) =>
        First(message).Field("exists"u8).ValueKind == JsonValueKind.False;

    private static bool IsOurMistake(JsonElement message, string words) =>
        First(message).ValueKind == JsonValueKind.Array
        || words == "Text is required"
        || words.StartsWith("Owned media", StringComparison.Ordinal)
        || (message.ValueKind == JsonValueKind.String && words.Contains("JSON", StringComparison.Ordinal));

    private static JsonElement First(JsonElement message) =>
        message.ValueKind == JsonValueKind.Array && message.GetArrayLength() > 0 ? message[0] : default;

    private static string Words(JsonElement message) => message.AsText() ?? First(message).AsText() ?? "";

    /// <summary>The gateway tripped over a socket that is not there, before it sent anything.</summary>
    [GeneratedRegex(
        @"Cannot read properties of undefined \(reading '(?:onWhatsApp|sendMessage|id|textMessage|find)'\)", RegexOptions.NonBacktracking)]
    private static partial Regex NoSocket();
}
