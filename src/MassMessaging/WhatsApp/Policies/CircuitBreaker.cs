namespace MassMessaging.WhatsApp.Policies;

/// <param name="Good">
/// Calls since it last closed that the gateway and the number answered well; halved with <paramref name="Bad"/> now and then.
/// </param>
/// <param name="OpenUntil">Null: closed. Past: half open, one message may try.</param>
/// <param name="ProbeAt">When that one was granted; null when none is on its way.</param>
public sealed record BreakerState(int Good, int Bad, DateTimeOffset? OpenUntil = null, DateTimeOffset? ProbeAt = null)
{
    public static BreakerState Closed { get; } = new(0, 0);
}

/// <summary>
/// Stops a number whose gateway fails more than it serves: instance down, throttled and unknown count against it. Accepted counts for it,
/// and so does a refusal, which only a gateway that works can give. What was never written says nothing. Pure.
/// </summary>
public static class CircuitBreaker
{
    /// <param name="isProbe">The call was the half-open breaker's one.</param>
    /// <param name="wentWell">Null: it says nothing.</param>
    public static BreakerState Learn(BreakerState state, Breaker policy, bool isProbe, bool? wentWell, DateTimeOffset now) =>
        (state.OpenUntil, isProbe, wentWell) switch
        {
            (null, _, null) => state,
            (null, _, { } well) => Counted(Aged(state, policy), well, policy, now),
            (_, false, _) => state, // began before it opened
            (_, true, null) => state with { ProbeAt = null },
            (_, true, true) => BreakerState.Closed,
            (_, true, false) => Opened(policy, now),
        };

    private static BreakerState Counted(BreakerState state, bool well, Breaker policy, DateTimeOffset now)
    {
        var counted = well ? state with { Good = state.Good + 1 } : state with { Bad = state.Bad + 1 };
        var sample = counted.Good + counted.Bad;
        return !well && sample >= policy.MinSample && counted.Bad >= policy.FailedRatio * sample ? Opened(policy, now) : counted;
    }

    /// <summary>The past weighs no more than two samples: a number that served for weeks is stopped as soon as a new one.</summary>
    private static BreakerState Aged(BreakerState state, Breaker policy) =>
        state.Good + state.Bad >= 2L * policy.MinSample ? state with { Good = state.Good / 2, Bad = state.Bad / 2 } : state;

    private static BreakerState Opened(Breaker policy, DateTimeOffset now) => new(0, 0, now.AddSeconds(policy.CoolDownSeconds));
}
