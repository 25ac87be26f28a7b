using System.Text.RegularExpressions;

namespace MassMessaging.Templates;

/// <summary>
/// <c>{telefono}</c> is the client's own number: "call {telefono}" asks clients to call themselves. A guess from the words before it on
/// the same line: an invitation to get in touch, without a sign that the advisor is the one who calls.
/// </summary>
internal static class PhoneWarnings
{
    private const string Variable = "{telefono}";
    private const string Hint = "{telefono} is the client's own number; {telefono_asesor} is yours.";
    private const int WordsBefore = 60;
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;

    private static readonly Regex Invitation = new(
        @"\b(contact|llam|escrib|comunic|marca|marque|mensaje|whatsapp|wsp|wasap|avis|consult|habla|dudas|" +
        @"liga|ligue|cham|fale|mande|envi|call|text|reach|message|phone|ring|write)",
        Options);

    private static readonly Regex AdvisorCalls = new(
        @"\b((te|le|les|os|lhe)\s+(voy|vamos|va|llam|escrib|contact|marc|mand|envi|lig)\w*|" +
        @"(llam|contact|marc|mand|envi|escrib|lig|avis)(ar|ir)(te|le|lo|la|lhe)|para\s+voce|" +
        @"(i|we)(['’]ll|\s+will|\s+called|\s+tried)|(call|text|reach|contact|message)(ed|ing)?\s+you|" +
        @"(tu|su|seu|teu|your)\s+(numero|telefono|telefone|celular|movil|whatsapp|phone|number|cell))\b",
        Options);

    public static IEnumerable<TextWarning> In(string content)
    {
        for (var at = 0; (at = content.IndexOf(Variable, at, StringComparison.Ordinal)) >= 0; at += Variable.Length)
        {
            var before = FoldedText.Of(content[Math.Max(0, at - WordsBefore)..at]).Text;
            var line = before[(before.LastIndexOfAny(['\n', '.', '!', '?']) + 1)..];
            if (Invitation.IsMatch(line) && !AdvisorCalls.IsMatch(line))
                yield return new("telefono-is-the-clients", Hint, at, at + Variable.Length);
        }
    }
}
