using System.Globalization;
using System.Text.Json;
using MassMessaging.WhatsApp.Cloud;

namespace MassMessaging.WhatsApp.Evolution;

/// <summary><c>chat/findMessages</c> and <c>chat/findStatusMessage</c>.</summary>
internal sealed class EvolutionSentMessages(EvolutionClient client) : ISentMessages
{
    private const int MostOfOneNumber = 10; // one person gets a few messages in a window; more would not fit an answer either

    public async Task<IReadOnlyList<SentMessage>?> Find(
        string instance, IReadOnlyList<string> spellings, DateTimeOffset from, DateTimeOffset to, CancellationToken ct)
    {
        if (CloudInstance.Is(instance)) return null; // Meta cannot be asked: its statuses name our own reference

        var found = new List<SentMessage>();
        foreach (var digits in spellings)
        {
            var query = new
            {
                where = new
                {
                    key = new { remoteJid = $"{digits}@s.whatsapp.net", fromMe = true },
                    messageTimestamp = new { gte = Iso(from), lte = Iso(to) }, // the gateway looks at both or at neither
                },
                page = 1,
                offset = MostOfOneNumber,
            };
            if (await Ask($"chat/findMessages/{instance}", query, ct) is not { } answer) return null;

            var records = answer.At("messages", "records");
            if (records.ValueKind != JsonValueKind.Array || records.GetArrayLength() == MostOfOneNumber) return null;

            found.AddRange(records.EnumerateArray().Select(Read).OfType<SentMessage>());
        }

        return found;
    }

    public async Task<IReadOnlyList<ReceiptKind>?> Receipts(string instance, string gatewayMessageId, CancellationToken ct)
    {
        if (CloudInstance.Is(instance)) return null;

        var answer = await Ask($"chat/findStatusMessage/{instance}", new { where = new { id = gatewayMessageId } }, ct);
        if (answer?.Json is not { ValueKind: JsonValueKind.Array } rows) return null;

        return [.. rows.EnumerateArray()
            .Where(row => row.Field("keyId"u8).AsText() == gatewayMessageId)
            .Select(row => EvolutionEvents.KindOf(row, gatewayMessageId)).OfType<ReceiptKind>().Distinct()];
    }

    private async Task<GatewayAnswer?> Ask(string path, object query, CancellationToken ct)
    {
        if (client.Options.Url is null) return null;

        using var content = new OnceContent(EvolutionClient.Json(query), () => true);
        try
        {
            var answer = await client.Call(HttpMethod.Post, path, content, client.Options.ManageTimeout, ct);
            return answer.IsSuccess ? answer : null;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private static SentMessage? Read(JsonElement row)
    {
        var message = row.Field("message"u8);
        var text = message.Field("conversation"u8).AsText() ?? message.Field("extendedTextMessage"u8).Field("text"u8).AsText();
        var time = row.Field("messageTimestamp"u8);
        return row.Field("key"u8).Field("id"u8).AsText() is { } id && GatewayMessageId.IsValid(id) && text is not null
            && time.ValueKind == JsonValueKind.Number && time.TryGetUInt32(out var seconds)
            ? new(id, text, DateTimeOffset.FromUnixTimeSeconds(seconds))
            : null;
    }

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
