using System.Text.Json;

namespace MassMessaging.Simulator.Evolution;

/// <summary>What the number check says about one number.</summary>
public sealed record WhatsAppNumber(string Jid, bool Exists, string Number)
{
    /// <summary>WhatsApp answers a linked device with the person's own spelling: with or without the country's extra digit.</summary>
    public static WhatsAppNumber Asked(string number, bool notOnWhatsApp = false)
    {
        var jid = Evolution.Jid.Of(number);
        if (!jid.EndsWith("@s.whatsapp.net", StringComparison.Ordinal)) return new(jid, true, number);

        var digits = jid[..jid.IndexOf('@', StringComparison.Ordinal)];
        var exists = !notOnWhatsApp && digits.Length is >= 8 and <= 15;
        return new(exists ? $"{Canonical(digits)}@s.whatsapp.net" : jid, exists, number);
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("jid", Jid);
        json.WriteBoolean("exists", Exists);
        json.WriteString("number", Number);
        json.WriteEndObject();
    }

    private static string Canonical(string digits) => digits switch
    {
        { Length: 12 } when digits.StartsWith("54", StringComparison.Ordinal) => $"549{digits[2..]}",
        { Length: 12 } when digits.StartsWith("52", StringComparison.Ordinal) => $"521{digits[2..]}",
        _ => digits,
    };
}
