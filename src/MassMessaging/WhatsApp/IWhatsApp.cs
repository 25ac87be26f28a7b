namespace MassMessaging.WhatsApp;

/// <summary>The gateway, seen from whoever sends.</summary>
public interface IWhatsApp
{
    /// <summary>Never throws for what a gateway does: every answer, silence and broken connection is an outcome.</summary>
    /// <param name="instance">From our own tables, never from a client's query.</param>
    /// <param name="number">E.164 with +.</param>
    /// <param name="mayWrite">
    /// Asked immediately before the first byte of the request is written, after any connecting; false answers
    /// <see cref="SendOutcome.NotWritten"/> with <c>permit-expired</c>.
    /// </param>
    /// <param name="ct">Given up before the first byte → NotWritten, after it → Unknown; neither throws.</param>
    Task<SendOutcome> SendText(string instance, string number, string text, Func<bool> mayWrite, CancellationToken ct);
}
