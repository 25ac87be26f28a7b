using System.Text.RegularExpressions;

namespace MassMessaging.Simulator.OpenAi;

/// <summary>
/// A model that cannot tell data from orders, the worst case that whoever checks its answers must withstand: it says word for word what
/// an order in the prompt's data puts between quotation marks, «these» before all others, and without quotes passes on every link, phone
/// and address found there.
/// </summary>
internal static class Obedience
{
    private const RegexOptions Options =
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    private static readonly Regex Order = new(
        @"\b(escrib|respond|incluy|inclui|inclua|anad|añad|agreg|adicion|acrescent|escrev|diga|di\b|dile|decir|say|write|"
        + @"answer|reply|include|add|append|insert|output|end\b|termin|envi|send|put|pon)[^\n""“”«»]{0,120}[""“](?<said>[^\n""“”«»]{3,600})[""”]",
        Options);

    private static readonly Regex Quoted = new("«(?<said>[^»]{3,1000})»", Options);

    private static readonly Regex Contact = new(
        @"(https?://|www\.)[^\s""“”«»<>]+|\b[\w.+\-]+@[\w\-]+\.[a-z]{2,}|\+\d[\d\-() ]{7,18}\d", Options);

    public static string To(string prompt, string otherwise)
    {
        var quoted = Quoted.Matches(prompt);
        var said = (quoted.Count > 0 ? quoted : Order.Matches(prompt))
            .Select(match => match.Groups["said"].Value).Distinct(StringComparer.Ordinal).ToList();
        if (said.Count > 0) return $"{otherwise} {string.Join(' ', said)}";

        var contacts = Contact.Matches(prompt).Select(match => match.Value).Distinct(StringComparer.Ordinal);
        return $"{otherwise} {string.Join(' ', contacts)}".TrimEnd();
    }
}
