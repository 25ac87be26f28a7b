namespace MassMessaging.WhatsApp;

/// <summary>The gateway, seen from whoever sends.</summary>
public interface IWhatsApp
{
    /// <summary>Never throws for what a gateway does: every answer, silence and broken connection is an outcome.</summary>
    /// <param name="instance">From our own tables, never from a client's query; it tells which gateway, too.</param>
    /// <param name="number">E.164 with +.</param>
    /// <param name="mayWrite">
    /// Asked immediately before the first byte of the request is written, after any connecting; false answers
    /// <see cref="SendOutcome.NotWritten"/> with <c>permit-expired</c>.
    /// </param>
    /// <param name="ct">Given up before the first byte → NotWritten, after it → Unknown; neither throws.</param>
    Task<SendOutcome> Send(string instance, string number, OutgoingMessage message, Func<bool> mayWrite, CancellationToken ct);
}

public static class SendingText
{
    public static Task<SendOutcome> SendText(
        this IWhatsApp whatsApp, string instance, string number, string text, Func<bool> mayWrite, CancellationToken ct) =>
        whatsApp.Send(instance, number, new OutgoingMessage.Text(text), mayWrite, ct);
}

/// <summary>What is sent to one person.</summary>
public abstract record OutgoingMessage
{
    private OutgoingMessage()
    {
    }

    /// <summary>
    /// Comes back as <see cref="ReceiptArrived.Reference"/> in every receipt, where the gateway can do that (Meta's Cloud API): the only
    /// trace of a message whose own answer was lost. At most 512 characters, no personal data.
    /// </summary>
    public string? Reference { get; init; }

    /// <param name="Body">At most 4,096 characters. On the Cloud API only within 24 h of the person's last message.</param>
    public sealed record Text(string Body) : OutgoingMessage;

    /// <summary>A template that Meta has approved: may be sent at any time, on the Cloud API only.</summary>
    /// <param name="Language">An approved translation, <c>es_AR</c>.</param>
    /// <param name="Parameters">Of the body, in order.</param>
    public sealed record Template(string Name, string Language, IReadOnlyList<string> Parameters) : OutgoingMessage;
}
