using MassMessaging.Campaigns.Sending;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using MassMessaging.WhatsApp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Proof;

/// <summary>A node's own part of sending: its name, its calls, its ticks. What it shares with others is in the database.</summary>
internal sealed class SimulatedNode
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(400); // a permit of a 20 s window lives for 500
    private readonly FakeTimeProvider clock;
    private readonly LateGateway gateway;
    private readonly GatewayCalls calls;
    private readonly TickLanes tick;

    public SimulatedNode(TestApp app, FakeTimeProvider clock, Random random)
    {
        this.clock = clock;
        var services = app.Services;
        // Slots are granted as they start: who waits for one would wait for the spec to move the clock.
        var options = services.GetRequiredService<SendingOptions>() with { Ahead = TimeSpan.Zero };
        gateway = new LateGateway(services.GetRequiredService<IWhatsApp>(), clock, random);
        calls = ActivatorUtilities.CreateInstance<GatewayCalls>(services, gateway, options);
        tick = ActivatorUtilities.CreateInstance<TickLanes>(services, new NodeId(Guid.NewGuid()), calls, options, random);
    }

    /// <summary>Answers whether any lane went on.</summary>
    public async Task<bool> Tick()
    {
        gateway.Latest = clock.GetUtcNow() + Late;
        try
        {
            var moved = await tick.RunOnce(CancellationToken.None);
            await calls.Quiet();
            return moved.Count > 0;
        }
        catch (ConcurrencyException)
        {
            return true; // a member changed under the tick
        }
    }
}
