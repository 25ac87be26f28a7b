namespace MassMessaging.Kernel;

/// <summary>An aggregate as of its last event; <c>Version</c> 0 means that the stream does not exist.</summary>
public sealed record Versioned<T>(StreamKey Key, long Version, T State);
