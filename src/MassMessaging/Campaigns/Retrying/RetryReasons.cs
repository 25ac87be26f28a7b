namespace MassMessaging.Campaigns.Retrying;

/// <summary>
/// The failures worth another attempt, each with how long to leave the person alone before it. What is not here is final: the number is not
/// on WhatsApp, the person blocked us or left, the text or its template is refused. Numbers of Meta are as in Meta's table of errors.
/// </summary>
public static class RetryReasons
{
    private static readonly TimeSpan AtOnce = TimeSpan.Zero;

    /// <summary>Meta withheld it because the person gets too much marketing: a try sooner than that is withheld too.</summary>
    private static readonly TimeSpan ADay = TimeSpan.FromHours(24);

    public static IReadOnlyDictionary<string, TimeSpan> Waits { get; } = new Dictionary<string, TimeSpan>
    {
        ["not-sent"] = AtOnce,      // was in doubt, and it is known by now that nothing left
        ["gateway-error"] = AtOnce, // a receipt of failure without a reason: all that Evolution ever tells
        ["meta-1"] = AtOnce,        // unknown error
        ["meta-131000"] = AtOnce,
        ["meta-2"] = AtOnce,        // service down, maintenance, upgrade
        ["meta-131016"] = AtOnce,
        ["meta-131057"] = AtOnce,
        ["meta-4"] = AtOnce,        // too fast
        ["meta-80007"] = AtOnce,
        ["meta-130429"] = AtOnce,
        ["meta-131056"] = AtOnce,
        ["meta-131053"] = AtOnce,   // media upload failed
        ["meta-0"] = AtOnce,        // the account: whoever retries has mended it
        ["meta-190"] = AtOnce,
        ["meta-368"] = AtOnce,
        ["meta-131005"] = AtOnce,
        ["meta-131031"] = AtOnce,
        ["meta-131037"] = AtOnce,
        ["meta-131042"] = AtOnce,
        ["meta-131045"] = AtOnce,
        ["meta-131048"] = AtOnce,
        ["meta-132015"] = AtOnce,   // template paused for a while
        ["meta-133010"] = AtOnce,
        ["meta-131049"] = ADay,
    };

    public static bool IsWorthIt(string reason) => Waits.ContainsKey(reason);
}
