using MassMessaging.Tests.Crash;

namespace MassMessaging.Tests.Chaos.Faults;

/// <summary>An operator ends every other session.</summary>
internal sealed record SessionsEnded : IFault
{
    private const string EndHalf = """
        select count(pg_terminate_backend(pid)) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and pid % 2 = 0
        """;

    string IFault.Place => "database";

    public Task Begin(Cluster cluster) => cluster.Database.Execute(EndHalf);

    public Task End(Cluster cluster)
    {
        cluster.Database.DataSource.Clear();
        return Task.CompletedTask;
    }
}
