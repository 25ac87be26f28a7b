using MassMessaging.Kernel;

namespace MassMessaging;

/// <summary>One folder of use cases, and what it registers. Explicit: the list in Program.cs is all there is.</summary>
public sealed record Feature(
    string Name,
    Action<IHostApplicationBuilder>? Services = null,
    Action<KernelBuilder>? Kernel = null,
    Action<IEndpointRouteBuilder>? Routes = null);
