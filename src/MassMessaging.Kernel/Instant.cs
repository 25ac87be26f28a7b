namespace MassMessaging.Kernel;

internal static class Instant
{
    /// <summary>PostgreSQL keeps microseconds: what is decided and folded in memory must equal what is read back.</summary>
    public static DateTimeOffset Stored(DateTimeOffset at)
    {
        var utc = at.ToUniversalTime();
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
