using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace MassMessaging.Clients;

/// <summary>
/// Whether a reply asks to be written to no more, in Spanish, Portuguese or English: one of the words or short phrases below and nothing
/// else but courtesies, whatever its accents, case, punctuation and repetitions. Inside a longer sentence the same word means something
/// else ("soy alto", "no quiero parar"), so that a person has to read it.
/// </summary>
public static class OptOutWords
{
    private const int Longest = 120; // characters: no phrase with its courtesies is longer

    private static readonly FrozenSet<string> Phrases = Lines("""
        alto, baja, basta, borrame, borrenme, cancela, cancelar, cancelar suscripcion, cancelar mensajes, dame de baja,
        dar de baja, darme de baja, darse de baja, de baja, dejame en paz, dejen de enviarme mensajes, dejen de escribir,
        dejen de escribirme, dejen de mandar mensajes, dejen de molestar, deja de enviarme mensajes, deja de escribir,
        deja de escribirme, deja de molestar, deja de mandar mensajes, denme de baja, deseo darme de baja, desuscribir,
        desuscribirme, eliminame, eliminar, eliminenme, me quiero dar de baja, me quiero salir, no deseo mas mensajes,
        no deseo recibir mas mensajes, no deseo recibir mensajes, no enviar mas, no enviar mas mensajes, no escribir mas,
        no mas, no mas mensajes, no me escriba mas, no me escriban, no me escriban mas, no me escribas, no me escribas mas,
        no me envie mas mensajes, no me envien mas mensajes, no me envies mas mensajes, no me manden mas mensajes,
        no me mandes mas mensajes, no me molesten, no me molesten mas, no me molestes, no quiero mas mensajes,
        no quiero recibir mas mensajes, no quiero recibir mensajes, no quiero tus mensajes, parar, para de escribir,
        para de escribirme, quiero cancelar, quiero darme de baja, quiero salir, quitame, quitame de la lista,
        quitame de tu lista, quitar, quitenme, quitenme de la lista, remover, sacame de la lista, sacame de tu lista, salir,
        solicito la baja, ya no me escriban, ya no me escribas, ya no me manden mensajes, ya no quiero mensajes,
        ya no quiero recibir mensajes, cancelar inscricao, chega, descadastrar, desinscrever, me descadastre, me exclua,
        me remova, me remova da lista, me tira da lista, me tire da lista, nao enviar mais, nao envie mais,
        nao envie mais mensagens, nao mande mais mensagens, nao me chame mais, nao me envie mais mensagens,
        nao me escreva mais, nao me mande mais mensagem, nao me mande mais mensagens, nao quero mais, nao quero mais mensagens,
        nao quero mais receber, nao quero mais receber mensagens, nao quero receber mais mensagens,
        nao quero receber mensagens, pare, pare de enviar mensagens, pare de me enviar mensagens, pare de mandar mensagens,
        pare de me mandar mensagens, quero cancelar, quero me descadastrar, quero sair, sair, sair da lista, cancel,
        do not contact me, do not message me, do not text me, dont contact me, dont message me, dont text me, leave me alone,
        no more messages, no more texts, opt out, optout, quit, remove me, remove me from the list, remove me from your list,
        stop, stop all, stopall, stop messages, stop messaging, stop messaging me, stop sending me messages, stop texting,
        stop texting me, stop writing me, stop writing to me, unsubscribe, unsubscribe me
        """);

    // Longest first: "muchas gracias" before "gracias".
    private static readonly string[] Courtesies = [.. Lines("""
        buenas, buenas noches, buenas tardes, buenos dias, buen dia, con todo respeto, disculpa, disculpe, favor, gracias,
        hola, lo siento, muchas gracias, perdon, por favor, porfa, porfavor, ya, boa noite, boa tarde, bom dia, desculpa,
        desculpe, muito obrigada, muito obrigado, obrigada, obrigado, oi, ola, hello, hi, now, please, sorry, thank you,
        thanks
        """).OrderByDescending(words => words.Length)];

    public static bool Ask(string text)
    {
        if (text.Length > Longest) return false;

        var words = Once(Words(text));
        while (!Phrases.Contains(words))
        {
            var fewer = WithoutCourtesy(words);
            if (fewer.Length == words.Length) return false;
            words = fewer;
        }

        return true;
    }

    private static string WithoutCourtesy(string words)
    {
        foreach (var courtesy in Courtesies)
        {
            if (words.StartsWith(courtesy + " ", StringComparison.Ordinal)) return words[(courtesy.Length + 1)..];
            if (words.EndsWith(" " + courtesy, StringComparison.Ordinal)) return words[..^(courtesy.Length + 1)];
        }

        return words;
    }

    /// <summary>Letters and digits without accents, in lower case, one blank between words; apostrophes join, all else parts.</summary>
    private static string Words(string text)
    {
        var words = new StringBuilder(text.Length);
        foreach (var rune in string.Concat(text.EnumerateRunes()).Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark || rune.Value is '\'' or '’' or '´' or '`') continue;
            if (Rune.IsLetterOrDigit(rune)) words.Append(Rune.ToLowerInvariant(rune));
            else if (words.Length > 0 && words[^1] != ' ') words.Append(' ');
        }

        return words.ToString().Trim();
    }

    /// <summary>"stop stop stop" is "stop".</summary>
    private static string Once(string words)
    {
        var each = words.Split(' ');
        return each.All(word => word == each[0]) ? each[0] : words;
    }

    private static FrozenSet<string> Lines(string lines) =>
        lines.Split([',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
