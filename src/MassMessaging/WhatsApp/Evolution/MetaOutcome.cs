namespace MassMessaging.WhatsApp.Evolution;

/// <summary>What Meta's error code means for a send; the code decides, never the HTTP status.</summary>
internal static class MetaOutcome
{
    public static SendOutcome Of(int code, string? body) => code switch
    {
        0 or 190 or 3 or 10 or (>= 200 and <= 299) or 131005 => new SendOutcome.InstanceGone($"meta-{code}"),
        131031 or 368 or 131048 or 131037 or 133010 or 131042 or 131045 or 132015 => new SendOutcome.InstanceGone($"meta-{code}"),
        4 or 80007 or 130429 or 131056 => new SendOutcome.Throttled(null),
        2 or 131016 or 131057 => new SendOutcome.InstanceDown($"meta-{code}"),
        1 or 131000 => new SendOutcome.Unknown($"meta-{code}"),
        _ => new SendOutcome.Refused($"meta-{code}", body),
    };
}
