using MassMessaging.Tests.Crash;

namespace MassMessaging.Tests.Chaos.Faults;

/// <summary>As kill -9, and a start.</summary>
internal sealed record NodeKilled(int Node) : IFault
{
    string IFault.Place => $"node {Node}";

    public Task Begin(Cluster cluster) => cluster.Nodes[Node].Kill();

    public Task End(Cluster cluster)
    {
        cluster.Nodes[Node].Launch();
        return Task.CompletedTask;
    }
}
