namespace MassMessaging.Simulator;

public sealed record DuplicateSend(string Number, string Text, int Count);

/// <param name="FromMicros">The window's first send; the window is half open: [from, from + window).</param>
public sealed record WindowExcess(long FromMicros, int Count);

/// <summary>What the ledger proves: pure functions over its entries.</summary>
public static class LedgerChecker
{
    /// <summary>The same text to the same number through the same instance, more than once.</summary>
    public static IReadOnlyList<DuplicateSend> Duplicates(IEnumerable<LedgerEntry> entries) =>
        [.. entries.GroupBy(entry => (entry.Instance, entry.Number, entry.Text))
            .Where(group => group.Skip(1).Any())
            .Select(group => new DuplicateSend(group.Key.Number, group.Key.Text, group.Count()))];

    /// <summary>The most sends of any one instance in any half-open window of this length.</summary>
    public static int MostInWindow(IEnumerable<LedgerEntry> entries, TimeSpan window) =>
        entries.GroupBy(entry => entry.Instance)
            .Select(instance => MostInWindow(instance.Select(entry => entry.ReceivedMicros), window))
            .DefaultIfEmpty().Max();

    public static int MostInWindow(IEnumerable<long> micros, TimeSpan window) => Fullest(micros, window).Count;

    /// <summary>The fullest window if it holds more than <paramref name="most"/>, else null.</summary>
    public static WindowExcess? Excess(IEnumerable<long> micros, int most, TimeSpan window)
    {
        var fullest = Fullest(micros, window);
        return fullest.Count > most ? fullest : null;
    }

    private static WindowExcess Fullest(IEnumerable<long> micros, TimeSpan window)
    {
        long[] times = [.. micros.Order()];
        var length = (long)window.TotalMicroseconds;
        var fullest = new WindowExcess(0, 0);
        var first = 0;
        for (var last = 0; last < times.Length; last++)
        {
            // A window that starts with one of the sends is never emptier than any other that ends with the same one.
            while (times[last] - times[first] >= length) first++;
            if (last - first + 1 > fullest.Count) fullest = new WindowExcess(times[first], last - first + 1);
        }

        return fullest;
    }
}
