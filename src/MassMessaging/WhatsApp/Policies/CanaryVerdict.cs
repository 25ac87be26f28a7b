namespace MassMessaging.WhatsApp.Policies;

public enum CanaryVerdict
{
    Wait,
    Pass,
    Fail,
}

/// <summary>
/// Whether a campaign's first messages speak for sending the others. In doubt counts as failed: a number that is being restricted looks
/// just so, and caution is what a canary is for; once settled as sent it does not count any more. Pure.
/// </summary>
public static class CanaryJudgement
{
    /// <param name="failed">Of the first: failed, also by receipt, or in doubt.</param>
    /// <param name="signalled">Of the first: delivered, read, replied, or failed for good.</param>
    /// <param name="until">When the wait for signals is over.</param>
    public static CanaryVerdict Of(
        int first, double maxFailedRatio, int failed, int signalled, DateTimeOffset until, DateTimeOffset now) =>
        failed > maxFailedRatio * first ? CanaryVerdict.Fail
        : signalled >= first || now >= until ? CanaryVerdict.Pass
        : CanaryVerdict.Wait;
}
