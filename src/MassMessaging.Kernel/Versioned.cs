namespace MassMessaging.Kernel;

/// <summary>An aggregate as of its last event; <c>Version</c> 0 means that the stream does not exist.</summary>
public sealed record Versioned<T>(StreamKey Key, long Version, T State)
{
    /// <summary>W3C trace context of the stream's last event that has one.</summary>
    public string? Trace { get; init; }
}
