using System.Text;

namespace MassMessaging.Clients;

/// <summary>
/// What is typed into the search, as table and index know it: every word begins a word of the name, or all of it stands in the e-mail from
/// the beginning of a word on, or it is a part of the phone in any spelling.
/// </summary>
/// <param name="Keys">A tsquery over the keys that <c>client_search_keys</c> gives each client.</param>
/// <param name="Words">Patterns that the folded name must all match.</param>
/// <param name="Email">The pattern of the e-mail, or null.</param>
/// <param name="Phones">Patterns of the phone, of which any will do.</param>
public sealed record ClientSearch(string Keys, string[] Words, string? Email, string[] Phones)
{
    private const string Signs = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
    private const int TellingPieces = 2;

    /// <param name="text">Not blank.</param>
    /// <param name="profile">Whose clients.</param>
    /// <param name="country">The profile's, for national numbers.</param>
    public static ClientSearch Of(string text, Guid profile, string country)
    {
        var name = SearchText.Fold(text);
        var mail = text.Any(char.IsWhiteSpace) ? null : text.ToLowerInvariant();
        var phones = PhoneParts(text, country);
        var scope = profile.ToString("D")[^12..];
        var ways = new[] { All(scope + 'n', Pieces(name, withSigns: true)), All(scope + 'e', Telling(mail ?? "")) }
            .Concat(phones.Select(digits => All(scope + 'p', Triples(digits))))
            .Where(way => way.Length > 0);
        return new(
            string.Join(" | ", ways), [.. name.Split(' ').Select(SearchText.Anywhere)], mail is null ? null : SearchText.Anywhere(mail),
            [.. phones.Select(SearchText.Anywhere)]);
    }

    /// <summary>Only then does it matter which country's numbers are meant.</summary>
    public static bool MayBePhone(string search) => search.Count(char.IsAsciiDigit) >= 3 && !search.Any(char.IsLetter);

    /// <summary>Digits that a stored phone may contain if it is the one that the text means, whole or in part.</summary>
    public static IReadOnlyList<string> PhoneParts(string search, string country)
    {
        if (!MayBePhone(search)) return [];

        var digits = string.Concat(search.Where(char.IsAsciiDigit));
        List<string> parts = [digits.StartsWith("00", StringComparison.Ordinal) ? digits[2..] : digits];
        if (PhoneNumber.TryParse(search, country, out var phone)) parts.Add(phone[1..]);
        if (parts[0].StartsWith("521", StringComparison.Ordinal)) parts.Add("52" + parts[0][3..]);
        if (parts[0].StartsWith("54", StringComparison.Ordinal)) parts.Add("549" + parts[0][2..]);
        parts.AddRange((NumberingPlan.OfCountry(country)?.Trunks ?? [])
            .Where(trunk => digits.Length >= trunk.Length + 3 && digits.StartsWith(trunk, StringComparison.Ordinal))
            .Select(trunk => digits[trunk.Length..]));
        return [.. parts.Where(part => part.Length >= 3).Distinct()];
    }

    /// <summary>Words, of which the beginning will do, and signs.</summary>
    private static IEnumerable<(string Key, bool Begins)> Pieces(string text, bool withSigns)
    {
        var word = new StringBuilder();
        foreach (var sign in text.Append(' '))
        {
            var isSign = Signs.Contains(sign, StringComparison.Ordinal);
            if (sign != ' ' && !isSign)
            {
                word.Append(sign);
                continue;
            }

            if (word.Length > 0) yield return (word.ToString(), true);
            if (isSign && withSigns) yield return (sign.ToString(), false);
            word.Clear();
        }
    }

    // The index collects whoever has a piece, and half of all addresses are at one provider: the pattern of the whole sorts out the rest.
    private static IEnumerable<(string Key, bool Begins)> Telling(string mail)
    {
        var own = Pieces(mail.Split('@')[0], withSigns: false).OrderByDescending(piece => piece.Key.Length).Take(TellingPieces).ToList();
        return own.Count > 0 ? own : Pieces(mail, withSigns: false);
    }

    private static IEnumerable<(string Key, bool Begins)> Triples(string digits) =>
        Enumerable.Range(0, digits.Length - 2).Select(start => (digits.Substring(start, 3), false));

    private static string All(string scope, IEnumerable<(string Key, bool Begins)> keys)
    {
        var terms = keys.Distinct().Select(key =>
            $"'{(scope + key.Key).Replace("\\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'{(key.Begins ? ":*" : "")}");
        return string.Join(" & ", terms) is { Length: > 0 } all ? $"({all})" : "";
    }
}
