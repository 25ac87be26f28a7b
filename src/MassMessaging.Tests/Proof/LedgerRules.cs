using System.Globalization;

namespace MassMessaging.Tests.Proof;

/// <summary>
/// Whether a ledger keeps the rules that were declared. It knows the rules' words and what the gateway saw, and nothing of how anything is
/// scheduled: no slots, no permits, no rows. Pure.
/// </summary>
/// <param name="rules">By instance.</param>
/// <param name="onTheWay">How long after its grant a message may still arrive.</param>
public sealed class LedgerRules(IReadOnlyDictionary<string, LaneRules> rules, TimeSpan onTheWay)
{
    /// <summary>All but the rate: of messages that the gateway took.</summary>
    /// <param name="zoneOf">A number's time zone.</param>
    public IReadOnlyList<Violation> Caps(IEnumerable<Arrival> taken, Func<string, TimeZoneInfo> zoneOf)
    {
        var lanes = taken.GroupBy(one => one.Instance).Select(lane => (rules[lane.Key], Sends: lane.OrderBy(one => one.Micros).ToList())).ToList();
        return [.. lanes.SelectMany(lane => (IEnumerable<Violation>)
            [.. Days(lane.Item1, lane.Sends), .. Hours(lane.Item1, lane.Sends, zoneOf), .. Clients(lane.Item1, lane.Sends)])];
    }

    /// <summary>No half-open window that begins under a rule holds more than that rule's messages.</summary>
    /// <param name="received">Everything that reached the gateway, taken or not.</param>
    public IReadOnlyList<Violation> Rate(IEnumerable<Arrival> received) =>
        [.. received.GroupBy(one => one.Instance).SelectMany(lane => Windows(rules[lane.Key], lane.Key, [.. lane.Select(one => one.Micros).Order()]))];

    /// <summary>Of one campaign: nobody beyond the first ones before their time is over.</summary>
    public IReadOnlyList<Violation> Canary(IEnumerable<Arrival> campaign, FirstOnes first)
    {
        var sends = campaign.OrderBy(one => one.Micros).ToList();
        if (sends.Count <= first.First) return [];

        var (begun, next) = (sends[0], sends[first.First]);
        var waited = TimeSpan.FromMicroseconds(next.Micros - begun.Micros);
        return waited + onTheWay >= first.Wait ? [] : [new("canary", next.Instance, next.Micros, $"{waited} after the first, not {first.Wait}")];
    }

    /// <summary>Nobody gets the same text from the same number again.</summary>
    public static IReadOnlyList<Violation> Twice(IEnumerable<Arrival> taken) =>
        [.. taken.GroupBy(one => (one.Instance, one.Number, one.Text)).Where(group => group.Skip(1).Any())
            .Select(group => new Violation("once", group.Key.Instance, group.Last().Micros, $"{group.Key.Number} got \"{group.Key.Text}\" again"))];

    /// <summary>Everybody of an audience was sent to, or is known to have been left out.</summary>
    public static IReadOnlyList<Violation> Lost(IEnumerable<Arrival> campaign, IEnumerable<string> audience, IEnumerable<string> leftOut)
    {
        var known = campaign.Select(one => one.Number).Concat(leftOut).ToHashSet(StringComparer.Ordinal);
        return [.. audience.Where(number => !known.Contains(number)).Select(number => new Violation("nobody lost", "", 0, number))];
    }

    private IEnumerable<Violation> Windows(LaneRules lane, string instance, long[] times)
    {
        for (var first = 0; first < times.Length; first++)
        {
            var possible = lane.PossibleAt(times[first], onTheWay);
            if (possible.Any(rule => Holds(rule, first))) continue;
            yield return new("rate", instance, times[first], $"more than {possible[^1].Messages} in {possible[^1].Window.TotalSeconds} s");
        }

        bool Holds(LaneRule rule, int first) =>
            first + rule.Messages >= times.Length || times[first + rule.Messages] - times[first] >= rule.Window.TotalMicroseconds;
    }

    private IEnumerable<Violation> Days(LaneRules lane, List<Arrival> sends)
    {
        var days = new Dictionary<(string Zone, DateOnly Day), int>();
        foreach (var send in sends)
        {
            var possible = lane.PossibleAt(send.Micros, onTheWay);
            if (possible.Select(rule => rule.Zone).Distinct().Count() > 1) continue; // granted in one zone's day, arrived in another's
            var (zone, day) = (possible[^1].Zone, DayOf(send.At, possible[^1].Zone));
            var count = days[(zone, day)] = days.GetValueOrDefault((zone, day)) + 1;
            if (possible.Any(rule => count <= Most(rule, day))) continue;
            yield return new("day", send.Instance, send.Micros, string.Create(
                CultureInfo.InvariantCulture, $"number {count} on {day:O} in {zone}, where {possible.Max(rule => Most(rule, day))} may go"));
        }
    }

    private IEnumerable<Violation> Hours(LaneRules lane, List<Arrival> sends, Func<string, TimeZoneInfo> zoneOf) =>
        from send in sends
        let local = TimeZoneInfo.ConvertTime(send.At, zoneOf(send.Number))
        where lane.PossibleAt(send.Micros, onTheWay).All(rule => IsPeace(rule.Peace, local))
        select new Violation("quiet hours", send.Instance, send.Micros, $"{send.Number} at {local:O}");

    /// <summary>A message counts from when it was given its turn, so its arrival may be a little late.</summary>
    private IEnumerable<Violation> Clients(LaneRules lane, List<Arrival> sends) =>
        from client in sends.GroupBy(send => send.Number)
        let times = client.Select(send => send.Micros).ToList()
        from place in Enumerable.Range(0, times.Count)
        where lane.PossibleAt(times[place], onTheWay).All(rule => rule.PerClient is { } cap
            && place >= cap.Messages && times[place] - times[place - cap.Messages] < (cap.Per - onTheWay).TotalMicroseconds)
        select new Violation("client", client.First().Instance, times[place], $"{client.Key} once more within the days");

    private static int Most(LaneRule rule, DateOnly day)
    {
        var ramp = int.MaxValue;
        if (rule.Ramp is { } warmUp)
        {
            var age = Math.Max(0, day.DayNumber - DayOf(warmUp.Since, rule.Zone).DayNumber);
            ramp = (int)Math.Min(warmUp.Ceiling, Math.Floor(warmUp.FirstDay * Math.Pow(warmUp.Growth, age)));
        }

        return Math.Min(rule.DailyCap ?? int.MaxValue, ramp);
    }

    private static bool IsPeace(Peace? peace, DateTimeOffset local)
    {
        if (peace is null) return false;
        if (peace.Days.Contains(local.DayOfWeek)) return true;

        return peace.From <= peace.To
            ? local.Hour >= peace.From && local.Hour < peace.To
            : local.Hour >= peace.From || local.Hour < peace.To;
    }

    private static DateOnly DayOf(DateTimeOffset at, string zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(zone)).DateTime);
}
