namespace MassMessaging.Analytics;

/// <summary>Counts as in a campaign's row, and what follows from them. Rates are 0 to 1 with four decimals, null where nobody was sent to.</summary>
public abstract class FiguresAnswer(FigureSums sums)
{
    public long SentCount => sums.Sent;

    public long DeliveredCount => sums.Delivered;

    public long ReadCount => sums.Read;

    public long RepliedCount => sums.Replied;

    public long FailedCount => sums.Failed;

    public long SkippedCount => sums.Skipped;

    public long InDoubtCount => sums.InDoubt;

    /// <summary>Of those sent to.</summary>
    public double? DeliveryRate => sums.DeliveryRate;

    /// <summary>Of those sent to.</summary>
    public double? ReadRate => sums.ReadRate;

    /// <summary>Of those sent to.</summary>
    public double? ReplyRate => sums.ReplyRate;

    /// <summary>Failed, of those sent to or failed.</summary>
    public double? FailureRate => sums.FailureRate;

    public double? AverageSendSeconds => sums.AverageSendSeconds;

    public double? AverageDeliverySeconds => sums.AverageDeliverySeconds;
}

/// <summary>The same of people as planned, so that those who wait are known too.</summary>
public abstract class PeopleAnswer(FigureSums sums) : FiguresAnswer(sums)
{
    private readonly FigureSums people = sums;

    public long TotalRecipients => people.Total;

    public long PendingCount => people.Pending;

    /// <summary>Who does not wait any more, of all.</summary>
    public double? CompletionRate => people.CompletionRate;
}

/// <param name="label">The client's when the launch planned the message; null in campaigns from before it was kept.</param>
public sealed class LabelAnswer(string? label, FigureSums sums) : PeopleAnswer(sums)
{
    public string? Label => label;
}

/// <param name="variant">Its name.</param>
public sealed class VariantFiguresAnswer(string variant, FigureSums sums) : PeopleAnswer(sums)
{
    public string Variant => variant;
}

/// <param name="startsAt">A full hour of the profile's time zone.</param>
/// <param name="hour">The same on the clock there, 0 to 23.</param>
public sealed class HourAnswer(DateTimeOffset startsAt, int hour, FigureSums sums) : FiguresAnswer(sums)
{
    public DateTimeOffset StartsAt => startsAt;

    public int Hour => hour;
}

/// <param name="hour">On the clock of the profile's time zone, 0 to 23: of every day of the period together.</param>
public sealed class HourOfDayAnswer(int hour, FigureSums sums) : FiguresAnswer(sums)
{
    public int Hour => hour;
}

/// <param name="Reason">A code, as in a recipient's row.</param>
public sealed record ReasonAnswer(string Reason, long Count);

/// <param name="Count">Messages whose time is known.</param>
/// <param name="AverageSeconds">Exact.</param>
/// <param name="P50Seconds">Half of the messages took no longer; this and the others are within 5 %.</param>
public sealed record DurationAnswer(
    long Count, double? AverageSeconds, double? P50Seconds, double? P90Seconds, double? P95Seconds, double? P99Seconds);
