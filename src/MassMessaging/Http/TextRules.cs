using System.Globalization;
using System.Text.RegularExpressions;

namespace MassMessaging.Http;

/// <summary>How texts of a request become values: the same for bodies and query strings.</summary>
internal static partial class TextRules
{
    public const string TimeExpected = "must be a time with an offset, as in 2026-01-31T18:30:00Z";

    public static bool IsLonger(string text, int max) => text.Length > max && text.EnumerateRunes().Count() > max;

    public static bool TryTime(string text, out DateTimeOffset utc)
    {
        utc = default;
        if (!WithOffset().IsMatch(text)) return false;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out utc)) return false;

        return utc.Year is >= 1900 and < 3000; // PostgreSQL and calendars agree on these
    }

    public static bool TryEnum<T>(string text, out T value)
        where T : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<T>())
        {
            if (JsonConventions.NameOf(candidate) != text) continue;

            value = candidate;
            return true;
        }

        value = default;
        return false;
    }

    public static string EnumExpected<T>()
        where T : struct, Enum => $"must be one of {string.Join(", ", Enum.GetValues<T>().Select(JsonConventions.NameOf))}";

    private const string Iso8601 = @"^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$";

    [GeneratedRegex(Iso8601, RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WithOffset();
}
