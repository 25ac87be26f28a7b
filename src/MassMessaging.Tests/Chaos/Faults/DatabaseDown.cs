using MassMessaging.Tests.Crash;

namespace MassMessaging.Tests.Chaos.Faults;

/// <param name="Crashed">Without a last checkpoint: it recovers as it starts.</param>
internal sealed record DatabaseDown(bool Crashed) : IFault
{
    string IFault.Place => "database";

    public Task Begin(Cluster cluster) => Crashed ? cluster.Server.Crash() : cluster.Server.Stop();

    public async Task End(Cluster cluster)
    {
        await cluster.Server.StartAgain();
        cluster.Database.DataSource.Clear(); // the spec's own connections
    }
}
