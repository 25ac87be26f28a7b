using MassMessaging.Tests.Crash;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Chaos.Faults;

/// <summary>The database's clock is set, and stays so.</summary>
internal sealed record ClockStepped(int Seconds) : IFault
{
    string IFault.Place => "database";

    public Task Begin(Cluster cluster) => SteppedClock.Step(cluster.Database, TimeSpan.FromSeconds(Seconds));

    public Task End(Cluster cluster) => Task.CompletedTask;
}
