namespace MassMessaging.WhatsApp;

/// <summary>
/// What Meta's error code means for a send; the code decides, never the HTTP status. A code that nobody has seen is unknown, never a
/// refusal. The same codes come asynchronously in statuses, there they only say why a message failed.
/// </summary>
internal static class MetaOutcome
{
    private static readonly TimeSpan NumberPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AppPause = TimeSpan.FromMinutes(2);

    /// <param name="retryAfter">What the answer asks for, before our own rule.</param>
    public static SendOutcome Of(int code, string? body, TimeSpan? retryAfter = null) => code switch
    {
        // Token and permissions: expired, revoked, missing.
        0 or 190 or 3 or 10 or (>= 200 and <= 299) or 131005 => new SendOutcome.InstanceGone(Name(code)),

        // Account or number: locked, blocked for policy, reported as spam, unregistered, unpaid.
        131031 or 368 or 131048 or 131037 or 133010 or 131042 or 131045 => new SendOutcome.InstanceGone(Name(code)),

        // The template: not there in this language, paused, disabled.
        132001 or 132015 or 132016 => new SendOutcome.MessageStopped(Name(code)),

        // Too fast: the app or the account (minutes), the number (seconds), to one person.
        4 or 80007 or 133016 => new SendOutcome.Throttled(retryAfter ?? AppPause),
        130429 => new SendOutcome.Throttled(retryAfter ?? NumberPause),
        131056 => new SendOutcome.RecipientHeld("pair-limit"),

        // Down, in maintenance, or being upgraded: up to a minute.
        2 or 131016 or 131057 => new SendOutcome.InstanceDown(Name(code)),

        // The person: not reachable, had enough of marketing, opted out, in an experiment, in a country not allowed, oneself, not on a
        // list.
        131026 or 131049 or 131050 or 131047 or 130472 or 130497 or 131021 or 131030 => new SendOutcome.Refused(Name(code), body),

        // The request: parameters, media, the template's parameters, text or format.
        33 or 100 or 131008 or 131009 or (>= 131051 and <= 131053) => new SendOutcome.Refused(Name(code), body),
        132000 or 132005 or 132007 or 132012 or 132018 or 135000 => new SendOutcome.Refused(Name(code), body),

        _ => new SendOutcome.Unknown(Name(code)), // 1 and 131000 among them: Meta itself does not know
    };

    public static string Name(int code) => $"meta-{code}";
}
