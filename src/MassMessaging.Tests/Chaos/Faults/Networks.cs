using MassMessaging.Tests.Crash;

namespace MassMessaging.Tests.Chaos.Faults;

/// <summary>A wire in whose weather something may be late, lost, or said again.</summary>
internal abstract record NetworkFault(Weather Weather) : IFault
{
    string IFault.Place => Where;

    protected abstract string Where { get; }

    public Task Begin(Cluster cluster) => Becomes(cluster, Weather);

    public Task End(Cluster cluster) => Becomes(cluster, Weather.Fine);

    protected abstract TcpLink Link(Cluster cluster);

    private Task Becomes(Cluster cluster, Weather weather)
    {
        Link(cluster).Becomes(weather);
        return Task.CompletedTask;
    }
}

/// <summary>Between a node and PostgreSQL.</summary>
internal sealed record DatabaseNetwork(int Node, Weather Weather) : NetworkFault(Weather)
{
    protected override string Where => $"database network {Node}";

    protected override TcpLink Link(Cluster cluster) => cluster.Nodes[Node].Database;
}

/// <summary>Between a node and the gateway: what is asked may get through, and its answer not.</summary>
internal sealed record GatewayNetwork(int Node, Weather Weather) : NetworkFault(Weather)
{
    protected override string Where => $"gateway network {Node}";

    protected override TcpLink Link(Cluster cluster) => cluster.Nodes[Node].Gateway;
}

/// <summary>From the gateway to the service: webhooks are late, come in another order, or again because their answer was lost.</summary>
internal sealed record WebhookNetwork(Weather Weather) : NetworkFault(Weather)
{
    protected override string Where => "webhooks";

    protected override TcpLink Link(Cluster cluster) => cluster.Webhooks;
}
