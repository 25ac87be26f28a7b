using System.Collections.Frozen;

namespace MassMessaging.Clients;

/// <summary>
/// Whether a reply asks to be written to no more, in Spanish, Portuguese or English: one of the words or short phrases below and nothing
/// else but courtesies, whatever its accents, case, punctuation and repetitions. Inside a longer sentence the same word means something
/// else ("soy alto", "no quiero parar"), so that a person has to read it.
/// </summary>
public static class OptOutWords
{
    private static readonly FrozenSet<string> Spanish = ShortReply.Lines("""
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
        ya no quiero recibir mensajes
        """);

    private static readonly FrozenSet<string> Portuguese = ShortReply.Lines("""
        cancelar inscricao, chega, descadastrar, desinscrever, me descadastre, me exclua,
        me remova, me remova da lista, me tira da lista, me tire da lista, nao enviar mais, nao envie mais,
        nao envie mais mensagens, nao mande mais mensagens, nao me chame mais, nao me envie mais mensagens,
        nao me escreva mais, nao me mande mais mensagem, nao me mande mais mensagens, nao quero mais, nao quero mais mensagens,
        nao quero mais receber, nao quero mais receber mensagens, nao quero receber mais mensagens,
        nao quero receber mensagens, pare, pare de enviar mensagens, pare de me enviar mensagens, pare de mandar mensagens,
        pare de me mandar mensagens, quero cancelar, quero me descadastrar, quero sair, sair, sair da lista
        """);

    private static readonly FrozenSet<string> English = ShortReply.Lines("""
        cancel,
        do not contact me, do not message me, do not text me, dont contact me, dont message me, dont text me, leave me alone,
        no more messages, no more texts, opt out, optout, quit, remove me, remove me from the list, remove me from your list,
        stop, stop all, stopall, stop messages, stop messaging, stop messaging me, stop sending me messages, stop texting,
        stop texting me, stop writing me, stop writing to me, unsubscribe, unsubscribe me
        """);

    public static bool Ask(string text) => LanguageOf(text) is not null;

    /// <summary><c>es</c>, <c>pt</c> or <c>en</c>; null: it does not ask.</summary>
    public static string? LanguageOf(string text) => ShortReply.LanguageOf(text, Spanish, Portuguese, English);
}
