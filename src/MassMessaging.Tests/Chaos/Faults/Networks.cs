using MassMessaging.Tests.Crash;

namespace MassMessaging.Tests.Chaos.Faults;

/// <summary>Between a node and PostgreSQL.</summary>
internal sealed record DatabaseNetwork(int Node, Weather Weather) : IFault
{
    string IFault.Place => $"database network {Node}";

    public Task Begin(Cluster cluster) => Becomes(cluster, Weather);

    public Task End(Cluster cluster) => Becomes(cluster, Weather.Fine);

    private Task Becomes(Cluster cluster, Weather weather)
    {
        cluster.Nodes[Node].Database.Becomes(weather);
        return Task.CompletedTask;
    }
}

/// <summary>Between a node and the gateway: what is asked may get through, and its answer not.</summary>
internal sealed record GatewayNetwork(int Node, Weather Weather) : IFault
{
    string IFault.Place => $"gateway network {Node}";

    public Task Begin(Cluster cluster) => Becomes(cluster, Weather);

    public Task End(Cluster cluster) => Becomes(cluster, Weather.Fine);

    private Task Becomes(Cluster cluster, Weather weather)
    {
        cluster.Nodes[Node].Gateway.Becomes(weather);
        return Task.CompletedTask;
    }
}

/// <summary>From the gateway to the service: webhooks are late, come in another order, or again because their answer was lost.</summary>
internal sealed record WebhookNetwork(Weather Weather) : IFault
{
    string IFault.Place => "webhooks";

    public Task Begin(Cluster cluster) => Becomes(cluster, Weather);

    public Task End(Cluster cluster) => Becomes(cluster, Weather.Fine);

    private static Task Becomes(Cluster cluster, Weather weather)
    {
        cluster.Webhooks.Becomes(weather);
        return Task.CompletedTask;
    }
}
