namespace MassMessaging.Campaigns.Sending;

/// <param name="Defaults">Rate of a profile that has set none (<c>Pacing__Messages</c>, <c>Pacing__PerSeconds</c>).</param>
/// <param name="CallTimeout">Of a gateway call; what its holder may still bring is waited for this long, plus 5 s.</param>
/// <param name="Ahead">How far before its slot a member may be marked attempted: what a kill leaves in doubt.</param>
public sealed record SendingOptions(LaneRate Defaults, TimeSpan CallTimeout, TimeSpan Ahead)
{
    private static readonly TimeSpan HolderGrace = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Messages that one tick grants, over all its lanes: a permit lives for a second and less, and its mark must be committed well before.
    /// </summary>
    public int MostATick { get; init; } = 500;

    /// <summary>A member attempted longer ago than this has no holder any more that could know its outcome.</summary>
    public TimeSpan HolderGone => CallTimeout + HolderGrace;

    public static SendingOptions From(IConfiguration configuration) => new(
        new LaneRate(
            configuration.GetValue("Pacing:Messages", 50), TimeSpan.FromSeconds(configuration.GetValue("Pacing:PerSeconds", 60)), Jitter: 0.2),
        TimeSpan.FromSeconds(configuration.GetValue("EVOLUTION_CALL_TIMEOUT_SECONDS", 75)),
        TimeSpan.FromMilliseconds(100));
}
