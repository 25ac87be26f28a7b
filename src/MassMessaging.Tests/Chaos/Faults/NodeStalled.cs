using MassMessaging.Tests.Crash;

namespace MassMessaging.Tests.Chaos.Faults;

/// <summary>SIGSTOP and SIGCONT.</summary>
internal sealed record NodeStalled(int Node) : IFault
{
    string IFault.Place => $"node {Node}";

    public Task Begin(Cluster cluster) => cluster.Nodes[Node].Stop();

    public Task End(Cluster cluster) => cluster.Nodes[Node].Continue();
}
