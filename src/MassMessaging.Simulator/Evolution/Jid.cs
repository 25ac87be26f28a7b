using System.Globalization;
using System.Text;

namespace MassMessaging.Simulator.Evolution;

/// <summary>The gateway's own reading of a number, with its rewriting of Mexican, Argentine and Brazilian mobiles.</summary>
public static class Jid
{
    public static string Of(string number)
    {
        foreach (var suffix in (ReadOnlySpan<string>)["@s.whatsapp.net", "@g.us", "@lid", "@broadcast"])
        {
            if (number.Contains(suffix, StringComparison.Ordinal)) return number;
        }

        var digits = Digits(number);
        return digits.Length >= 18 ? $"{digits}@g.us" : $"{Rewritten(digits)}@s.whatsapp.net";
    }

    /// <summary>Without what stands behind an `@` or a device's `:`.</summary>
    public static string Digits(string number)
    {
        var end = number.AsSpan().IndexOfAny('@', ':');
        var user = end < 0 ? number : number[..end];
        if (!user.AsSpan().ContainsAnyExceptInRange('0', '9')) return user;

        var digits = new StringBuilder(user.Length);
        foreach (var character in user)
        {
            if (char.IsAsciiDigit(character)) digits.Append(character);
        }

        return digits.ToString();
    }

    /// <summary>The privacy id under which the same person may come back: not a phone, but always the same for one.</summary>
    public static string Lid(string jid)
    {
        var hash = 1469598103934665603UL;
        foreach (var character in Digits(jid)) hash = (hash ^ character) * 1099511628211UL;
        return string.Create(CultureInfo.InvariantCulture, $"{100_000_000_000_000UL + (hash % 900_000_000_000_000UL)}@lid");
    }

    private static string Rewritten(string digits)
    {
        if (digits.Length != 13) return digits;
        if (digits.AsSpan(0, 2) is "52" or "54") return digits[..2] + digits[3..];

        var area = int.Parse(digits.AsSpan(2, 2), CultureInfo.InvariantCulture);
        var drops = digits.StartsWith("55", StringComparison.Ordinal) && area >= 31 && digits[5] >= '7';
        return drops ? digits[..4] + digits[5..] : digits;
    }
}
