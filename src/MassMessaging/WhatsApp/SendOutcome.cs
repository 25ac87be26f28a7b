namespace MassMessaging.WhatsApp;

/// <summary>
/// What became of one call to the gateway. Codes and reasons are stable words; only <c>Refused.Body</c> is the gateway's own text.
/// </summary>
public abstract record SendOutcome
{
    private SendOutcome()
    {
    }

    /// <summary>One of nine words, for monitoring.</summary>
    public string Word() => this switch
    {
        Accepted => "accepted",
        Refused => "refused",
        Throttled => "throttled",
        InstanceDown => "instance-down",
        InstanceGone => "instance-gone",
        RecipientHeld => "recipient-held",
        MessageStopped => "message-stopped",
        NotWritten => "not-written",
        _ => "unknown",
    };

    /// <summary>Why it was not accepted: a stable word, if there is one.</summary>
    public string? Cause() => this switch
    {
        Refused refused => refused.Code,
        InstanceDown down => down.Reason,
        InstanceGone gone => gone.Reason,
        RecipientHeld held => held.Reason,
        MessageStopped stopped => stopped.Reason,
        NotWritten not => not.Reason,
        Unknown unknown => unknown.Reason,
        _ => null,
    };

    /// <summary>Taken by the socket or by Meta; not delivered yet. Receipts carry the id.</summary>
    public sealed record Accepted(string GatewayMessageId) : SendOutcome;

    /// <summary>Final for this message: nothing was sent, and trying again will not help.</summary>
    /// <param name="Body">The gateway's words, with a phone in them: personal data, never into an event or a log.</param>
    public sealed record Refused(string Code, string? Body) : SendOutcome;

    /// <summary>Too fast: nobody is failed, the lane waits.</summary>
    public sealed record Throttled(TimeSpan? RetryAfter) : SendOutcome;

    /// <summary>Nothing was sent; the instance may come back by itself.</summary>
    public sealed record InstanceDown(string Reason) : SendOutcome;

    /// <summary>Nothing was sent, and only a person can mend it: key refused, instance missing, account blocked.</summary>
    public sealed record InstanceGone(string Reason) : SendOutcome;

    /// <summary>Nothing was sent to this person, who waits; the lane goes on with others.</summary>
    /// <param name="Reason"><c>pair-limit</c>: too many to the same person; <c>window-closed</c>: a text outside Meta's 24 h.</param>
    public sealed record RecipientHeld(string Reason) : SendOutcome;

    /// <summary>
    /// Nothing was sent: the message itself (a template missing, paused or disabled) needs a person. Its campaign stops, no other.
    /// </summary>
    public sealed record MessageStopped(string Reason) : SendOutcome;

    /// <summary>Surely nothing left this process.</summary>
    public sealed record NotWritten(string Reason) : SendOutcome;

    /// <summary>May have been sent: never resend blindly.</summary>
    public sealed record Unknown(string Reason) : SendOutcome;
}
