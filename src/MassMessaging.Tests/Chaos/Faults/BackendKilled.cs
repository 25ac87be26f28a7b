using System.Diagnostics;
using MassMessaging.Tests.Crash;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Chaos.Faults;

/// <summary>A server process dies as if it had run out of memory: PostgreSQL ends all the others and recovers.</summary>
internal sealed record BackendKilled : IFault
{
    private const string Any = """
        select pid from pg_stat_activity where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid() order by random() limit 1
        """;

    string IFault.Place => "database";

    public async Task Begin(Cluster cluster)
    {
        if (await cluster.Database.Value<int>(Any) is var pid && pid == 0) return;
        try
        {
            using var backend = Process.GetProcessById(pid);
            backend.Kill();
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            // it has ended by itself
        }
    }

    public async Task End(Cluster cluster)
    {
        await Eventually.True(async () => await cluster.Database.Value<int>("select 1") == 1, TimeSpan.FromMinutes(1), "PostgreSQL has recovered");
        cluster.Database.DataSource.Clear();
    }
}
