using static System.StringComparison;

namespace MassMessaging.Clients;

/// <summary>
/// Countries where WhatsApp, the operators and people spell one number in several ways, and the one spelling that is kept:
/// Mexico without the 1, Argentina with the 9, Brazilian mobiles with the ninth digit.
/// </summary>
public static class NationalRules
{
    // Argentina's three-digit areas (Buenos Aires is 11; all others have four digits): they tell where the old mobile 15 stood.
    private const string ArgentineAreas =
        "220 221 223 230 236 237 249 260 261 263 264 266 280 291 294 297 298 299 336 341 342 343 345 348 " +
        "351 353 358 362 364 370 376 379 380 381 383 385 387 388";

    /// <summary>The canonical national number, or null if the digits cannot be one.</summary>
    /// <param name="afterCode">The calling code was written: Mexico's 1 is known only behind 52, a bare 1 is North America's.</param>
    public static string? Canonical(NumberingPlan plan, string national, bool afterCode)
    {
        var canonical = plan.Code switch
        {
            "52" when afterCode && national.Length == 11 && national[0] == '1' => national[1..],
            "54" => Argentine(national),
            "55" => Brazilian(national),
            _ => national,
        };
        return canonical is { Length: > 0 } && plan.Fits(canonical) && plan.Code.Length + canonical.Length <= 15 ? canonical : null;
    }

    /// <summary>The other ways in which the number's digits may come back from WhatsApp.</summary>
    public static IEnumerable<string> Variants(string digits)
    {
        if (digits.StartsWith("52", Ordinal)) yield return "521" + digits[2..];
        if (digits.StartsWith("549", Ordinal)) yield return "54" + digits[3..];
        if (digits.Length == 13 && digits.StartsWith("55", Ordinal) && digits[5] >= '6') yield return digits[..4] + digits[5..];
    }

    private static string? Argentine(string national)
    {
        var number = national.Length is 11 or 13 && national[0] == '9' ? national[1..] : national;
        var area = number.StartsWith("11", Ordinal) ? 2 : number.Length > 3 && ArgentineAreas.Contains(number[..3], Ordinal) ? 3 : 4;
        if (number.Length == 12)
        {
            // 15 stood between area and subscriber. Not at both 3 and 4: four-digit areas that start like a three-digit one are told.
            var at = number.AsSpan(area).StartsWith("15") ? area : area == 3 && number.AsSpan(4).StartsWith("15") ? 4 : -1;
            if (at < 0) return null;
            number = number.Remove(at, 2);
        }

        return number.Length == 10 && number[0] is >= '1' and <= '3' ? "9" + number : null;
    }

    private static string? Brazilian(string national) => national.Length switch
    {
        10 when national[1] != '0' && national[2] is >= '6' and <= '9' => national[..2] + "9" + national[2..],
        10 when national[1] != '0' && national[2] is >= '2' and <= '5' => national,
        11 when national[1] != '0' && national[2] == '9' => national,
        _ => null,
    };
}
