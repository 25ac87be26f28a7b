using System.Text.RegularExpressions;

namespace MassMessaging.Templates;

/// <summary>Words that promise health or income. Small on purpose: whole words of folded text, <c>*</c> ends a stem.</summary>
internal static class ClaimWarnings
{
    private static readonly (string Code, string Meaning, string[] Phrases)[] Claims =
    [
        ("health-claim", "a health claim",
        [
            "cura*", "diabetes", "cancer", "hipertension", "colesterol", "artritis", "depresion", "milagros*", "elimina* el dolor",
            "sin efectos secundarios", "baja* de peso", "perde* peso", "pierde* peso", "adelgaza*", "quema* grasa", "desintoxica*",
            "emagrec*", "perca peso", "perder peso", "milagre*", "sem efeitos colaterais", "queima* gordura", "tratamento de",
            "cure*", "heals", "lose weight", "weight loss", "burn* fat", "no side effects", "miracle*", "detox*",
        ]),
        ("income-claim", "an income claim",
        [
            "ingresos garantizados", "ingreso* extra", "ingreso* pasivo*", "dinero facil", "gana* dinero", "libertad financiera",
            "hazte rico",
            "renda extra", "renda garantida", "dinheiro facil", "ganh* dinheiro", "liberdade financeira", "fique rico",
            "guaranteed income", "passive income", "extra income", "easy money", "make money", "earn money", "financial freedom",
            "get rich",
        ]),
    ];

    private static readonly (string Code, string Meaning, Regex Pattern)[] Patterns =
        [.. Claims.Select(claim => (claim.Code, claim.Meaning, PatternOf(claim.Phrases)))];

    public static IEnumerable<TextWarning> In(string content)
    {
        var folded = FoldedText.Of(content);
        foreach (var (code, meaning, pattern) in Patterns)
        {
            foreach (Match match in pattern.Matches(folded.Text))
            {
                var (from, to) = (folded.From(match.Index), folded.To(match.Index + match.Length));
                yield return new(code, $"“{content[from..to]}” reads as {meaning}.", from, to);
            }
        }
    }

    private static Regex PatternOf(string[] phrases)
    {
        var words = phrases.Select(phrase =>
            Regex.Escape(phrase).Replace(@"\*", @"\w*", StringComparison.Ordinal).Replace(@"\ ", @"\s+", StringComparison.Ordinal));
        return new($@"\b(?:{string.Join('|', words)})\b", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }
}
