namespace MassMessaging.Tests.Proof;

/// <summary>What an advisor asked for, in the words of the settings. Null is off.</summary>
/// <param name="Zone">The profile's.</param>
public sealed record LaneRule(
    int Messages, TimeSpan Window, string Zone = "UTC", int? DailyCap = null, Ramp? Ramp = null, Peace? Peace = null, PerClient? PerClient = null);

public sealed record Ramp(DateTimeOffset Since, int FirstDay, double Growth, int Ceiling);

/// <param name="From">Hours of the client's wall clock; from 21 to 9 is over midnight.</param>
public sealed record Peace(int From, int To, params DayOfWeek[] Days);

public sealed record PerClient(int Messages, TimeSpan Per);

/// <param name="First">This many alone; the others no sooner than <paramref name="Wait"/> after the first of them.</param>
public sealed record FirstOnes(int First, TimeSpan Wait);

/// <summary>A rule, on the gateway's clock: asked for at one moment, promised from the answer on.</summary>
public sealed record Declared(long AskedMicros, long AnsweredMicros, LaneRule Rule);

/// <summary>One lane's rules in the order in which they were asked for; each ends when the next begins.</summary>
public sealed class LaneRules
{
    private readonly List<Declared> declared = [];

    public LaneRule Latest => declared[^1].Rule;

    public void Declare(long askedMicros, long answeredMicros, LaneRule rule) => declared.Add(new(askedMicros, answeredMicros, rule));

    /// <summary>
    /// Rules that a message may have been granted under which arrived then: the one that was promised, one that was asked for already, and
    /// one that had been replaced so lately that the message was on its way.
    /// </summary>
    public IReadOnlyList<LaneRule> PossibleAt(long micros, TimeSpan onTheWay) =>
        [.. declared.Where((rule, place) => rule.AskedMicros <= micros
            && (place + 1 == declared.Count || declared[place + 1].AnsweredMicros + onTheWay.TotalMicroseconds > micros)).Select(rule => rule.Rule)];
}
