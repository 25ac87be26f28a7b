using System.Globalization;
using System.Text;

namespace MassMessaging.Clients;

/// <summary>
/// Telephone numbers in one canonical spelling: E.164 with the plus. The rules are those of docs/api.md, "Clients".
/// <para>A bare number (neither <c>+</c> nor <c>00</c> before it) is read in this order, first fit wins:</para>
/// <list type="number">
/// <item>it starts with the calling code of the profile's country and the rest fits that country: international;</item>
/// <item>it fits the profile's country, with or without the trunk prefix (0, 01, 044 …): national. So ten digits in Mexico are Mexican,
/// though <c>6565418764</c> (Ciudad Juárez) would also fit Singapore's 65;</item>
/// <item>it has ten digits or more, starts with any other calling code, and the rest fits that country: international
/// (<c>5511992247045</c> in a Mexican profile is Brazilian);</item>
/// <item>else it is invalid.</item>
/// </list>
/// </summary>
public static class PhoneNumber
{
    private const int LongestSpelling = 40;
    private const int ShortestBareForeign = 10;

    /// <param name="country">ISO 3166 alpha-2 of the profile: decides what a number without calling code means.</param>
    /// <param name="e164"><c>+</c> and digits; empty when the answer is false.</param>
    public static bool TryParse(string input, string country, out string e164)
    {
        e164 = Digits(input) switch
        {
            null => "",
            ['+', .. var digits] => International(digits, trunkAllowed: true),
            ['0', '0', .. var digits] => International(digits, trunkAllowed: true),
            var digits => Bare(digits, country),
        } ?? "";
        return e164.Length > 0;
    }

    /// <summary>ISO 3166 alpha-2; null for an unknown calling code and for satellite networks.</summary>
    public static string? CountryOf(string e164) => NumberingPlan.CountryOf(e164.TrimStart('+'));

    /// <summary>The digits in every spelling that WhatsApp may use, the canonical one first. All of them parse to the number.</summary>
    public static IReadOnlyList<string> Spellings(string e164)
    {
        var digits = e164.TrimStart('+');
        return [digits, .. NationalRules.Variants(digits)];
    }

    private static string? International(string digits, bool trunkAllowed) =>
        NumberingPlan.Of(digits) is { } plan ? National(plan, digits[plan.Code.Length..], afterCode: true, trunkAllowed) : null;

    private static string? Bare(string digits, string country)
    {
        var own = NumberingPlan.OfCountry(country);
        var inOwn = own is null
            ? null
            : digits.StartsWith(own.Code, StringComparison.Ordinal) && International(digits, trunkAllowed: false) is { } withCode
                ? withCode
                : National(own, digits, afterCode: false, trunkAllowed: true);
        return inOwn ?? (digits.Length >= ShortestBareForeign ? International(digits, trunkAllowed: false) : null);
    }

    private static string? National(NumberingPlan plan, string national, bool afterCode, bool trunkAllowed)
    {
        var canonical = NationalRules.Canonical(plan, national, afterCode);
        var trunks = canonical is null && trunkAllowed ? plan.Trunks : [];
        foreach (var trunk in trunks.Where(trunk => national.StartsWith(trunk, StringComparison.Ordinal)))
            canonical ??= NationalRules.Canonical(plan, national[trunk.Length..], afterCode);
        return canonical is null ? null : $"+{plan.Code}{canonical}";
    }

    /// <summary>Digits with at most one leading plus; null if anything stands there that people do not write numbers with.</summary>
    private static string? Digits(string input)
    {
        if (input.Length > LongestSpelling) return null;

        var digits = new StringBuilder(input.Length);
        foreach (var character in input)
        {
            if (char.IsAsciiDigit(character) || (character == '+' && digits.Length == 0)) digits.Append(character);
            else if (!IsSeparator(character)) return null;
        }

        return digits.ToString();
    }

    // Besides spaces and dashes of every kind: the invisible direction marks that phones and spreadsheets put around copied numbers.
    private static bool IsSeparator(char character) => character is '(' or ')' or '.' or '/' or '\u2212' || char.IsWhiteSpace(character)
        || char.GetUnicodeCategory(character) is UnicodeCategory.DashPunctuation or UnicodeCategory.Format;
}
