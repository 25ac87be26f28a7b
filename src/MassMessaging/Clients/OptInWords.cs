using System.Collections.Frozen;

namespace MassMessaging.Clients;

/// <summary>
/// Whether a reply of somebody who opted out by a word asks to be written to again: the counterpart of <see cref="OptOutWords"/>, and as
/// strict. "Sí" is none: it answers whatever was asked last.
/// </summary>
public static class OptInWords
{
    private static readonly FrozenSet<string> Spanish = ShortReply.Lines("""
        alta, dame de alta, darme de alta, denme de alta, quiero darme de alta, quiero volver, reactivar, reanudar, suscribir, suscribirme,
        volver
        """);

    private static readonly FrozenSet<string> Portuguese = ShortReply.Lines("""
        voltar, quero voltar, reativar, retomar, inscrever, me inscreva, quero me inscrever
        """);

    private static readonly FrozenSet<string> English = ShortReply.Lines("""
        start, unstop, opt in, optin, resume, resubscribe, subscribe, subscribe me
        """);

    public static bool Ask(string text) => LanguageOf(text) is not null;

    /// <summary><c>es</c>, <c>pt</c> or <c>en</c>; null: it does not ask.</summary>
    public static string? LanguageOf(string text) => ShortReply.LanguageOf(text, Spanish, Portuguese, English);
}
