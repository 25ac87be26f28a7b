namespace MassMessaging.Kernel;

/// <summary>A stream was not at the version that the decision was made on. Decide again.</summary>
public sealed class ConcurrencyException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A worker's lease ran out and another took its message: what the late worker did is void.</summary>
public sealed class LeaseLostException(string message) : Exception(message);
