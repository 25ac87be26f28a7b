using System.Text.Json;

namespace MassMessaging.WhatsApp.Cloud;

/// <summary>
/// Which numbers and accounts a body speaks of, read before anything is known of its sender: one pass over the bytes, no tree, and a few
/// ids at most. What it says is believed only once a signature is right.
/// </summary>
/// <param name="IsOfAccounts">It may say something that is about no single number.</param>
internal sealed record CloudWebhookIds(IReadOnlyCollection<string> Numbers, IReadOnlyCollection<string> Accounts, bool IsOfAccounts)
{
    private const int Most = 50;
    private const int EntryDepth = 3; // { "entry": [ { "id"
    private const int ChangeDepth = 5; // … "changes": [ { "field"

    public static CloudWebhookIds Of(ReadOnlySpan<byte> body)
    {
        var (numbers, accounts) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        var isOfAccounts = false;
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName) continue;

                var isNumber = Says(ref reader, "phone_number_id"u8);
                var isAccount = !isNumber && reader.CurrentDepth == EntryDepth && Says(ref reader, "id"u8);
                var isField = !isNumber && reader.CurrentDepth == ChangeDepth && Says(ref reader, "field"u8);
                if (!reader.Read()) break;
                isOfAccounts |= isField && reader.TokenType == JsonTokenType.String && !Says(ref reader, "messages"u8);
                if (isNumber) Add(numbers, ref reader);
                if (isAccount) Add(accounts, ref reader);
            }
        }
        catch (JsonException)
        {
            // What was found before it broke off is enough to look for the secret.
        }

        return new(numbers, accounts, isOfAccounts);
    }

    /// <summary>As it is written, escapes and all: half of an escaped surrogate pair is no text, and asking for it throws.</summary>
    private static bool Says(ref Utf8JsonReader reader, ReadOnlySpan<byte> text) => reader.ValueSpan.SequenceEqual(text);

    private static void Add(HashSet<string> ids, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped || reader.ValueSpan.Length is 0 or > 32) return;
        if (ids.Count < Most && !reader.ValueSpan.ContainsAnyExceptInRange((byte)'0', (byte)'9')) ids.Add(reader.GetString()!);
    }
}
