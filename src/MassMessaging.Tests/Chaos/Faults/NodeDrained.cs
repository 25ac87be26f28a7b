using MassMessaging.Tests.Crash;

namespace MassMessaging.Tests.Chaos.Faults;

/// <summary>SIGTERM in the middle of it all: the node finishes and ends by itself, whatever the rest of the world does.</summary>
internal sealed record NodeDrained(int Node) : IFault
{
    string IFault.Place => $"node {Node}";

    public async Task Begin(Cluster cluster) => Assert.Equal(0, await cluster.Nodes[Node].Drain());

    public Task End(Cluster cluster)
    {
        cluster.Nodes[Node].Launch();
        return Task.CompletedTask;
    }
}
