using System.Globalization;
using MassMessaging.Tests.Crash;

namespace MassMessaging.Tests.Chaos.Faults;

/// <summary>
/// Some transactions fail at their very end as on a full disk: a deferred trigger on tables of the service's state, which chooses by the
/// transaction's number.
/// </summary>
/// <param name="Percent">Of the transactions.</param>
internal sealed record FailingCommits(int Percent) : IFault
{
    private static readonly string[] Tables =
        ["message", "lane", "campaign", "campaign_audience", "campaign_recipient", "gateway_message", "client", "client_note", "idempotent_request", "node"];

    private const string Install = """
        create table public.failing_commits (percent int not null);
        insert into public.failing_commits values (0);
        create function public.fail_commit() returns trigger language plpgsql security definer as $$
        begin
          if (select percent from public.failing_commits) > abs(hashint8(txid_current()) % 100) then
            raise exception 'could not extend file: No space left on device' using errcode = 'disk_full';
          end if;
          return null;
        end $$;
        """;

    string IFault.Place => "database";

    public static async Task In(Cluster cluster)
    {
        await cluster.Database.Execute(Install);
        foreach (var table in Tables)
            await cluster.Database.Execute(
                $"create constraint trigger fail_commit after insert or update or delete on {table} deferrable initially deferred for each row execute function public.fail_commit()");
    }

    public Task Begin(Cluster cluster) => Set(cluster, Percent);

    public Task End(Cluster cluster) => Set(cluster, 0);

    private static Task Set(Cluster cluster, int percent) =>
        cluster.Database.Execute(string.Create(CultureInfo.InvariantCulture, $"update public.failing_commits set percent = {percent}"));
}
