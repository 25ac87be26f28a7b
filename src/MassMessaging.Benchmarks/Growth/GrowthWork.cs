using System.Diagnostics;
using MassMessaging.Benchmarks.Sending;
using MassMessaging.Benchmarks.Webhooks;

namespace MassMessaging.Benchmarks.Growth;

/// <param name="Done">Messages or receipts, in all that was measured.</param>
public sealed record Grown(string Name, string Unit, long Events, Repeats Rates, double Done, WalWritten Wal, double RssMb);

/// <summary>Rounds of messages sent and of receipts drained, by a service that is started for them.</summary>
public sealed class GrowthWork(BenchmarkServer server, Gateway gateway, (string, string)[] settings, WebhookTarget target, int messages)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    // As another node would wake this one.
    private const string Begin = """
        update campaign set status = 'sending' where id = any (@campaigns);
        select pg_notify('wake_' || left(encode(sha256('mass_messaging'), 'hex'), 16), 'benchmark:launch');
        """;

    private const string Campaigns = "select array_agg(campaign) from made_campaign where round = @round";

    private const string Open = """
        select count(*) from campaign c
        join campaign_audience a on a.profile_id = c.profile_id and a.campaign_id = c.id and a.status in ('pending', 'sending')
        where c.id = any (@campaigns)
        """;

    /// <param name="rounds">The first of them warms up.</param>
    /// <param name="events">In the log.</param>
    public async Task<IReadOnlyList<Grown>> Measure(IEnumerable<int> rounds, long events)
    {
        await using var service = await ServiceProcess.Start(server, settings);
        var (sent, drained, sentWal, drainedWal) = (new Repeats(), new Repeats(), new WalWritten(0, 0), new WalWritten(0, 0));
        foreach (var (place, round) in rounds.Index())
        {
            var (took, wal) = await Take(() => Send(round));
            var (tookReceipts, walReceipts) = await Take(() => Drain(round));
            if (place == 0) continue;

            sent.Add(messages / took.TotalSeconds);
            drained.Add(messages / tookReceipts.TotalSeconds);
            (sentWal, drainedWal) = (sentWal + wal, drainedWal + walReceipts);
        }

        var done = messages * (double)sent.Count;
        return
        [
            new("dispatch", "messages/s", events, sent, done, sentWal, service.RssMb),
            new("webhooks", "statuses/s", events, drained, done, drainedWal, service.RssMb),
        ];
    }

    /// <summary>Begins right behind a checkpoint, with views that have caught up.</summary>
    private async Task<(TimeSpan Took, WalWritten Wal)> Take(Func<Task<TimeSpan>> work)
    {
        await server.CaughtUp();
        await server.Run("checkpoint");
        var before = await server.Wal();
        var took = await work();
        await server.CaughtUp();
        return (took, await server.Wal() - before);
    }

    private async Task<TimeSpan> Send(int round)
    {
        var campaigns = await server.Ask<Guid[]>(Campaigns, ("round", round + 1));
        var before = (await gateway.Sent()).Count;
        var began = Stopwatch.GetTimestamp();
        await server.Run(Begin, ("campaigns", campaigns));
        await BenchmarkServer.Until(
            async () => (await gateway.Sent()).Count >= before + messages && await server.Ask<long>(Open, ("campaigns", campaigns)) == 0, Longest);
        return Stopwatch.GetElapsedTime(began);
    }

    private async Task<TimeSpan> Drain(int round)
    {
        var before = await server.Ask<long>(WebhookInbox.Applied);
        await WebhookInbox.Fill(server, target, round * messages / 2, messages / 2);
        return await Repeats.Time(() => WebhookInbox.Drained(server, before + (messages / 2 * 2L)));
    }
}
