namespace MassMessaging.Kernel.Clock;

/// <summary>One look at the database's clock, between two readings of the node's monotonic clock.</summary>
public readonly record struct ClockReading(TimeSpan AskedAt, TimeSpan AnsweredAt, DateTimeOffset Database)
{
    /// <summary>The database looked at its clock within this much of the middle.</summary>
    public TimeSpan Uncertainty => (AnsweredAt - AskedAt) / 2;

    public TimeSpan Middle => AskedAt + Uncertainty;
}

/// <summary>
/// The database's time as a line over the node's monotonic clock. It never runs backwards and never ahead of what monotonic time and
/// honest drift allow: a clock that is set ahead must not grant a lane a second window's worth of messages, and one that is set back
/// must not hand out an instant twice. After a step back it runs at half speed until the database has caught up.
/// </summary>
/// <param name="At">Monotonic instant from which the line runs.</param>
/// <param name="Time">The database's time at that instant.</param>
/// <param name="Excess">How much of <paramref name="Time"/> is still to be given back, by running at half speed.</param>
public readonly record struct ClockEstimate(TimeSpan At, DateTimeOffset Time, TimeSpan Excess)
{
    /// <summary>Quartz drifts by up to 100 parts per million, virtual machines by more; a step is larger.</summary>
    private const double Drift = 0.001;

    private static readonly TimeSpan Finest = TimeSpan.FromMilliseconds(1);

    public static ClockEstimate Start(ClockReading reading) => new(reading.Middle, reading.Database, TimeSpan.Zero);

    public DateTimeOffset Read(TimeSpan monotonic)
    {
        var elapsed = Elapsed(monotonic);
        return Time + elapsed - Repaid(elapsed);
    }

    /// <summary>
    /// Continuous: at <paramref name="monotonic"/> the new line reads what the old one reads, or at most the believed bit more.
    /// </summary>
    /// <param name="monotonic">Now; not before the reading was answered.</param>
    public ClockEstimate Correct(ClockReading reading, TimeSpan monotonic)
    {
        var believed = Finest + reading.Uncertainty + (Elapsed(monotonic) * Drift);
        var elapsed = Elapsed(monotonic);
        var here = Read(monotonic);
        var there = reading.Database + (monotonic - reading.Middle);
        var ahead = there - here;
        if (ahead >= TimeSpan.Zero) return new ClockEstimate(At + elapsed, here + Min(ahead, believed), TimeSpan.Zero);

        return new ClockEstimate(At + elapsed, here, -ahead);
    }

    private TimeSpan Elapsed(TimeSpan monotonic) => monotonic > At ? monotonic - At : TimeSpan.Zero;

    private TimeSpan Repaid(TimeSpan elapsed) => Min(Excess, elapsed / 2);

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
