using System.Globalization;
using MassMessaging.Tests.Chaos.Faults;

namespace MassMessaging.Tests.Chaos;

/// <summary>Of all runs together.</summary>
internal sealed class ChaosFigures
{
    private readonly SortedDictionary<string, int> faults = [];
    private readonly SortedDictionary<string, int> acts = [];
    private int runs;
    private int taken;
    private int inDoubt;
    private int broken;

    public void Add(ChaosPlan plan, IEnumerable<ChaosAdvisor> advisors, int sent, int doubts, int violations)
    {
        runs++;
        (taken, inDoubt, broken) = (taken + sent, inDoubt + doubts, broken + violations);
        foreach (var fault in plan.Steps.SelectMany(step => step.Faults)) Count(faults, Kind(fault), 1);
        foreach (var (act, times) in advisors.SelectMany(advisor => advisor.Acts)) Count(acts, act, times);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{runs} runs, {faults.Values.Sum()} faults, {acts.Values.Sum()} acts, {taken} messages taken, {inDoubt} in doubt, {broken} promises broken")
        + $"\nfaults: {List(faults)}\nacts: {List(acts)}";

    private static string List(SortedDictionary<string, int> counts) => string.Join(", ", counts.Select(count => $"{count.Value} {count.Key}"));

    private static void Count(SortedDictionary<string, int> counts, string what, int times) => counts[what] = counts.GetValueOrDefault(what) + times;

    private static string Kind(IFault fault) => fault switch
    {
        DatabaseNetwork { Weather.Loss: var loss } => $"DatabaseNetwork {loss}",
        GatewayNetwork { Weather.Loss: var loss } => $"GatewayNetwork {loss}",
        WebhookNetwork { Weather.Loss: var loss } => $"WebhookNetwork {loss}",
        DatabaseDown { Crashed: var crashed } => crashed ? "DatabaseDown crashed" : "DatabaseDown stopped",
        GatewayFault { Kind: var kind } => $"GatewayFault {kind}",
        _ => fault.GetType().Name,
    };
}
