namespace MassMessaging.Tests.Harness;

/// <summary>Specs that measure time or memory: nothing else runs beside them.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
