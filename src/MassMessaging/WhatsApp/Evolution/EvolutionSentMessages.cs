using System.Globalization;
using System.Text.Json;
using MassMessaging.WhatsApp.Cloud;

namespace MassMessaging.WhatsApp.Evolution;

/// <summary><c>chat/findMessages</c> and <c>chat/findStatusMessage</c>.</summary>
internal sealed class EvolutionSentMessages(EvolutionClient client) : ISentMessages
{
    private const int MostOfOneNumber = 10; // one person gets a few messages in a window; more would not fit an answer either

    // A text has up to 16 KiB and a picture's preview more: room for 160 KiB a message.
    private const int PageSize = 50;
    private const int MostBytes = 8 * 1024 * 1024;

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

    public async Task<SentPage?> Page(string instance, DateTimeOffset from, DateTimeOffset to, int page, CancellationToken ct)
    {
        if (CloudInstance.Is(instance)) return null;

        var query = new
        {
            where = new { key = new { fromMe = true }, messageTimestamp = new { gte = Iso(from), lte = Iso(to) } },
            page,
            offset = PageSize,
        };
        if (await Ask($"chat/findMessages/{instance}", query, ct, MostBytes) is not { } answer) return null;

        var records = answer.At("messages", "records");
        if (records.ValueKind != JsonValueKind.Array) return null;

        var texts = records.EnumerateArray().Select(row => (Phone: PhoneOf(row.Field("key"u8)), Message: Read(row)));
        return new(
            [.. texts.Where(one => one.Phone is not null && one.Message is not null).Select(one => new SentTo(one.Phone!, one.Message!))],
            IsLast: records.GetArrayLength() < PageSize);
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

    private async Task<GatewayAnswer?> Ask(string path, object query, CancellationToken ct, int mostBytes = EvolutionClient.MaxAnswerBytes)
    {
        if (client.Options.Url is null) return null;

        using var content = new OnceContent(EvolutionClient.Json(query), () => true);
        try
        {
            var answer = await client.Call(HttpMethod.Post, path, content, client.Options.ManageTimeout, ct, mostBytes);
            return answer.IsSuccess ? answer : null;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private static string? PhoneOf(JsonElement key) =>
        EvolutionEvents.PhoneOf(key.Field("remoteJid"u8).AsText()) ?? EvolutionEvents.PhoneOf(key.Field("remoteJidAlt"u8).AsText());

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
