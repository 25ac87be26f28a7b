using System.Collections.Frozen;
using System.Text;

namespace MassMessaging.Assistant.Checks;

/// <summary>
/// Which of three languages a text is written in, by its small words. Short texts say nothing: only a text that speaks clearly for another
/// language is refused.
/// </summary>
internal static class DraftLanguage
{
    private const int Clear = 2;

    private static readonly (string Language, string Name, FrozenSet<string> Words)[] Languages =
    [
        ("es", "Spanish", Set(
            "el los las y con del una unos unas pero muy este esta estos tu tus mi mis yo nos le les te ti ha han hay hoy qué cómo cuándo dónde está "
            + "estás están eres soy somos quiero quieres puedes tienes tengo hola gracias más también aquí así ahora siempre semana días hablar "
            + "charlar saber gusto usted ustedes buenos buenas si sí al lo su sus bien cualquier todavía nuestro nuestra nuestros")),
        ("pt", "Portuguese", Set(
            "o os um uma uns umas e com do da dos das em no na nos nas não mas muito este esta você vocês seu sua seus suas meu minha eu nós lhe "
            + "há hoje quê como quando onde está estão é são sou quero quer pode tem tenho olá oi obrigado obrigada mais também aqui agora "
            + "semana dias conversar saber bom boa bem ao ou pelo pela até gostaria ainda nosso nossa nossos")),
        ("en", "English", Set(
            "the and with of to a an in is are was be have has had you your yours my mine i we us our it its this that these those but very not do "
            + "does did can could would will just for from at on as if so how what when where hi hello hey thanks thank more also here now always "
            + "week day days talk know good like want any about been them they their please today")),
    ];

    public static IEnumerable<DraftProblem> Problems(string text, string language)
    {
        var asked = Languages.FirstOrDefault(each => language.StartsWith(each.Language, StringComparison.OrdinalIgnoreCase));
        if (asked.Words is null) yield break;

        var words = Words(text);
        var own = words.Count(asked.Words.Contains);
        foreach (var (other, name, small) in Languages)
        {
            if (other == asked.Language) continue;

            var found = words.Count(small.Contains);
            if (found < own + Clear || words.Count(word => small.Contains(word) && !asked.Words.Contains(word)) < Clear + 1) continue;

            yield return new("wrong-language", $"The message is in {name}; it was asked for in {asked.Name}.");
            yield break;
        }
    }

    /// <summary>Without what stands in braces: variables are Spanish in every language.</summary>
    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var depth = 0;
        foreach (var sign in text.Append(' '))
        {
            depth = Math.Max(0, depth + (sign == '{' ? 1 : sign == '}' ? -1 : 0));
            if (char.IsLetter(sign) && depth == 0)
            {
                word.Append(char.ToLowerInvariant(sign));
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        return words;
    }

    private static FrozenSet<string> Set(string words) => words.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
