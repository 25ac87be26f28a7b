using System.Globalization;
using System.Text.RegularExpressions;
using MassMessaging.Clients;
using MassMessaging.Clients.Timeline;
using MassMessaging.Http;

namespace MassMessaging.Assistant.Prompts;

/// <summary>
/// What the model may know of a client: first name, label, notes and history. Never a phone or an address, also where a note holds one, and
/// of the name the first word only.
/// </summary>
public sealed partial record ClientFacts(string FirstName, string Label, IReadOnlyList<string> Notes, IReadOnlyList<ClientFact> History)
{
    public const int MostRows = 20;

    private const int LongestName = 30;
    private const int LongestText = 500;

    public static ClientFacts Of(Client client, IEnumerable<TimelineRow> newestFirst)
    {
        var rows = newestFirst.ToList();
        var redaction = new Redaction(client);
        return new(
            FirstNameOf(client.Name), JsonConventions.NameOf(client.Label),
            [.. rows.Where(row => row.Kind == TimelineKind.Note).Select(row => redaction.Of(row.Note)).OfType<string>()],
            [.. rows.Where(row => row.Kind is TimelineKind.Message or TimelineKind.Reply).Select(row => new ClientFact(
                row.At.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), JsonConventions.NameOf(row.Kind), row.Status,
                redaction.Of(row.Text)))]);
    }

    /// <summary>A name is letters; what else stands there is none. Empty if nothing is left.</summary>
    public static string FirstNameOf(string name)
    {
        var first = name.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault("");
        var letters = string.Concat(first.EnumerateRunes()
            .Where(rune => System.Text.Rune.IsLetter(rune) || rune.Value is '-' or '\'' or '’' || IsMark(rune)));
        return letters.Length <= LongestName ? letters : "";
    }

    private static bool IsMark(System.Text.Rune rune) =>
        System.Text.Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private sealed partial class Redaction(Client client)
    {
        private readonly string full = client.Name.Trim();
        private readonly string first = FirstNameOf(client.Name);

        public string? Of(string? text)
        {
            if (string.IsNullOrWhiteSpace(text)) return null;

            var plain = Number().Replace(Address().Replace(text, "[e-mail]"), "[number]");
            if (full.Length > first.Length && first.Length > 0) plain = plain.Replace(full, first, StringComparison.OrdinalIgnoreCase);
            return plain.Length <= LongestText ? plain : $"{plain[..SafeEnd(plain)]}…";
        }

        private static int SafeEnd(string text) => char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText;

        /// <summary>Six digits or more, however they are grouped: phones, cards, documents. Any script's digits.</summary>
        [GeneratedRegex(@"\+?\(?\p{Nd}([ .\-()/]{0,3}\p{Nd}){5,}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
        private static partial Regex Number();

        [GeneratedRegex(@"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+", RegexOptions.NonBacktracking)]
        private static partial Regex Address();
    }
}

/// <param name="On">Day.</param>
/// <param name="Kind"><c>message</c> or <c>reply</c>.</param>
/// <param name="Status">Of a message: what became of it.</param>
public sealed record ClientFact(string On, string Kind, string? Status, string? Text);
