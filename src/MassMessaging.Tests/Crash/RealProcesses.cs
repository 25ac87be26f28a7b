namespace MassMessaging.Tests.Crash;

/// <summary>Specs that run real processes: one at a time, since they measure time and two cores are shared.</summary>
[CollectionDefinition(nameof(RealProcesses), DisableParallelization = true)]
public sealed class RealProcesses;
