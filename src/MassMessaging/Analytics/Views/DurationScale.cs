namespace MassMessaging.Analytics.Views;

/// <summary>
/// The steps in which durations are counted: each is at most a tenth above the last, so its middle is off by at most 5 % of any duration in
/// it. In whole milliseconds and whole numbers only, so every machine folds alike. Frozen: the rows of the view are its steps.
/// </summary>
public static class DurationScale
{
    /// <summary>Over 23 days: more counts as that.</summary>
    private const int Last = 2_000_000_000;

    private static readonly int[] Steps = [.. From(0)];

    public static int AtLeast(long milliseconds)
    {
        var place = Array.BinarySearch(Steps, (int)Math.Min(milliseconds, Last));
        return Steps[place >= 0 ? place : ~place - 1];
    }

    /// <summary>What is told of all that lie in the step, in seconds.</summary>
    public static double Seconds(int atLeast)
    {
        var place = Array.BinarySearch(Steps, atLeast);
        var next = place + 1 < Steps.Length ? Steps[place + 1] : atLeast + 1;
        return ((long)atLeast + next - 1) / 2.0 / 1000;
    }

    private static IEnumerable<int> From(long first)
    {
        for (var step = first; step <= Last; step = Math.Max(step + 1, step * 11 / 10)) yield return (int)step;
    }
}
