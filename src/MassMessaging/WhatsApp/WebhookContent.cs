using MassMessaging.WhatsApp.Cloud;

namespace MassMessaging.WhatsApp;

/// <summary>What one stored webhook says.</summary>
/// <param name="SkippedReason">Why all or a part of it was left aside.</param>
internal sealed record WebhookContent(
    IReadOnlyList<ReceiptArrived> Receipts, InstanceStateSeen? State, string? SkippedReason, IReadOnlyList<IncomingText> Incoming)
{
    /// <summary>Of Meta's accounts, numbers and templates.</summary>
    public IReadOnlyList<AccountNews> News { get; init; } = [];

    public IReadOnlyList<PreferenceTold> Preferences { get; init; } = [];

    public static WebhookContent Skipped(string reason) => new([], null, reason, []);
}

/// <summary>An incoming message before it is known whose number it was written to: see <see cref="IncomingMessage"/>.</summary>
internal sealed record IncomingText(
    string Instance, string GatewayMessageId, string? From, string Text, string? QuotedId, DateTimeOffset At, string? Alias)
{
    /// <summary>WhatsApp's own limit.</summary>
    private const int Longest = 4096;

    /// <summary>What PostgreSQL stores: no NUL, no half pair at the cut.</summary>
    public static string Clean(string? text)
    {
        var kept = (text ?? "").Replace('\0', ' ');
        if (kept.Length <= Longest) return kept;
        return kept[..(char.IsHighSurrogate(kept[Longest - 1]) ? Longest - 1 : Longest)];
    }

    /// <summary>Digits of an international number, else null.</summary>
    public static string? Phone(ReadOnlySpan<char> digits) =>
        digits.Length is > 5 and < 16 && !digits.ContainsAnyExceptInRange('0', '9') ? $"+{digits}" : null;

    /// <summary>Seconds since 1970 as the gateway tells them; what cannot be, or lies ahead, is when it reached us.</summary>
    public static DateTimeOffset Instant(long? seconds, DateTimeOffset receivedAt)
    {
        if (seconds is not { } since || since < receivedAt.AddDays(-30).ToUnixTimeSeconds() || since > receivedAt.ToUnixTimeSeconds())
            return receivedAt;

        // Whole seconds: the end of the second, so that an answer is never earlier than the question.
        var at = DateTimeOffset.FromUnixTimeSeconds(since).AddMilliseconds(999);
        return at < receivedAt ? at : receivedAt;
    }
}
