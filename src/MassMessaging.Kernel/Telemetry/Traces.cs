using System.Diagnostics;

namespace MassMessaging.Kernel;

/// <summary>
/// How a trace goes on through the database: as W3C <c>traceparent</c>, beside the causation of a message and in the <c>headers</c> of an
/// event. Whether it is recorded travels with it, so whoever goes on asks no sampler again; what is kept for long keeps recorded ones only.
/// </summary>
public static class Traces
{
    /// <summary>What the SDK keeps of one span.</summary>
    private const int MostLinks = 128;

    /// <summary>Of what this flow does; null when that is not recorded.</summary>
    public static string? Current => Of(Activity.Current);

    public static string? Of(Activity? activity) => activity is { Recorded: true, IdFormat: ActivityIdFormat.W3C } ? activity.Id : null;

    /// <summary>Default, which is no parent, for what is null or no traceparent.</summary>
    public static ActivityContext Parse(string? traceParent) =>
        ActivityContext.TryParse(traceParent, traceState: null, isRemote: true, out var context) ? context : default;

    /// <summary>Of many chains none is the parent: each is linked once. Null when there is none.</summary>
    public static IEnumerable<ActivityLink>? Links(IEnumerable<string?> traceParents)
    {
        List<ActivityLink> links =
        [
            .. traceParents.OfType<string>().Distinct(StringComparer.Ordinal).Select(Parse)
                .Where(context => context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded))
                .Take(MostLinks).Select(context => new ActivityLink(context)),
        ];
        return links.Count > 0 ? links : null;
    }

    /// <summary>What led to a message: <c>message:&lt;id&gt;</c>, a traceparent, or both with a space between them.</summary>
    internal static string? Beside(string? causation)
    {
        if (Activity.Current is not { IdFormat: ActivityIdFormat.W3C, Id: { } trace }) return causation;

        return causation is null ? trace : $"{causation} {trace}";
    }

    internal static string? From(string? causation) =>
        causation is null ? null : causation[(causation.LastIndexOf(' ') + 1)..] is { Length: 55 } trace ? trace : null;
}
