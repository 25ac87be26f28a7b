using System.Diagnostics;

namespace MassMessaging.Benchmarks.Sending;

/// <summary>
/// Messages through the whole path of the service as it is shipped, from waiting members to committed outcomes, beside its two bare parts.
/// In rounds: each has campaigns of its own, and its parts are measured right before it.
/// </summary>
public static class DispatchBenchmark
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    // As another node would wake this one.
    private const string Begin = """
        update campaign set status = 'sending' where id = any (@campaigns);
        select pg_notify('wake_' || left(encode(sha256('mass_messaging'), 'hex'), 16), 'benchmark:launch');
        """;

    private const string Open = """
        select count(*) from campaign c
        join campaign_audience a on a.profile_id = c.profile_id and a.campaign_id = c.id and a.status in ('pending', 'sending')
        where c.id = any (@campaigns)
        """;

    private const string Unsent = """
        select count(*) from campaign c join campaign_audience a on a.profile_id = c.profile_id and a.campaign_id = c.id and a.status <> 'sent'
        where c.id = any (@campaigns)
        """;

    private const string Behind = "select coalesce((select last_value from mt_events_sequence) > min(last_seq_id), true) from mt_event_progression";

    /// <summary>200 lanes.</summary>
    public static Task Run(BenchmarkOptions options, Report report) => Run("dispatch", 200, options, report);

    /// <summary>One lane, with as many calls at once as a lane may have.</summary>
    public static Task RunSingleLane(BenchmarkOptions options, Report report) => Run("single-lane", 1, options, report);

    private static async Task Run(string name, int lanes, BenchmarkOptions options, Report report)
    {
        var repeats = options.Quick ? 3 : 5;
        var messages = options.N ?? (options.Quick ? 20_000 : 60_000);
        var size = new SendingSize(lanes, messages / lanes, repeats + 1);
        await using var server = await BenchmarkServer.Start(options);
        await using var gateway = await Gateway.Start(server.Folder);
        await using var service = await ServiceProcess.Start(
            server, ("EVOLUTION_API_URL", gateway.Url.OriginalString), ("EVOLUTION_API_KEY", "benchmark"));
        Report.Tell($"Writing {size.Rounds} campaigns of {size.Members} recipients for each of {lanes} lanes …");
        await SendingData.Load(server, size, TimeProvider.System.GetUtcNow());
        var floor = new DatabaseFloor(server.Database);
        await floor.Copy();
        await Measure(name, size, new(server, gateway, service, floor), report);
    }

    private static async Task Measure(string name, SendingSize size, Parts parts, Report report)
    {
        var (rates, calls, writes) = (new Repeats(), new Repeats(), new Repeats());
        var (used, wal) = (new Used(0, 0), new WalWritten(0, 0));
        for (var round = 1; round <= size.Rounds; round++)
        {
            var campaigns = await Campaigns(parts.Server, round);
            await CaughtUp(parts.Server);
            var isWarm = round > 1; // the first one warms up
            var a = await GatewayFloor.Measure(parts.Gateway.Url, TimeSpan.FromSeconds(isWarm ? 2 : 1));
            var b = size.Messages / await parts.Floor.Measure(campaigns, connections: 1 + (round % 2));
            var (usedBefore, walBefore) = (await parts.Service.Used(), await parts.Server.Wal());
            var rate = size.Messages / await Send(parts, campaigns, size.Messages);
            Report.Tell(FormattableString.Invariant($"{name}: {rate:F0}/s, gateway alone {a:F0}/s, database alone {b:F0}/s"));
            if (!isWarm) continue;

            used += await parts.Service.Used() - usedBefore;
            wal += await parts.Server.Wal() - walBefore;
            rates.Add(rate);
            calls.Add(a);
            writes.Add(b);
        }

        var sent = (size.Rounds - 1) * (double)size.Messages;
        var bare = 1 / ((1 / calls.Median) + (1 / writes.Max));
        report.Add(new(
            name, size.Messages, Math.Round(rates.Median), "messages/s", Math.Round(bare), Math.Round(rates.Median / bare, 2), null, null,
            parts.Service.RssMb)
        {
            Min = Math.Round(rates.Min), Max = Math.Round(rates.Max),
            Beside = FormattableString.Invariant(
                $"gateway alone {calls.Median:F0}/s, database alone {writes.Max:F0}/s; a message: {used.Allocated / sent:F0} B allocated, {used.ProcessorMs * 1000 / sent:F0} µs of the service's processor time, {(double)wal.Bytes / sent:F0} B of WAL, {wal.FullPages / sent:F3} full-page images"),
        });
    }

    /// <summary>Seconds from the campaigns' start to the last outcome's commit.</summary>
    private static async Task<double> Send(Parts parts, Guid[] campaigns, int messages)
    {
        var before = (await parts.Gateway.Sent()).Count;
        var began = Stopwatch.GetTimestamp();
        await parts.Server.Run(Begin, ("campaigns", campaigns));
        while ((await parts.Gateway.Sent()).Count < before + messages || await Count(parts.Server, Open, campaigns) > 0)
        {
            if (Stopwatch.GetElapsedTime(began) > Longest) throw new InvalidOperationException("The round does not come to its end.");
            await Task.Delay(10);
        }

        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var sent = (await parts.Gateway.Sent()).Count - before;
        var unsent = await Count(parts.Server, Unsent, campaigns);
        return sent == messages && unsent == 0
            ? seconds
            : throw new InvalidOperationException(FormattableString.Invariant($"The gateway took {sent} of {messages}; {unsent} are not sent."));
    }

    private static async Task<Guid[]> Campaigns(BenchmarkServer server, int round)
    {
        await using var command = server.Database.CreateCommand("select array_agg(campaign order by profile) from made_campaign where round = @round");
        command.Parameters.AddWithValue("round", round);
        return (Guid[])(await command.ExecuteScalarAsync())!;
    }

    private static async Task<long> Count(BenchmarkServer server, string sql, Guid[] campaigns)
    {
        await using var command = server.Database.CreateCommand(sql);
        command.Parameters.AddWithValue("campaigns", campaigns);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The service's views do not work beside the floor.</summary>
    private static async Task CaughtUp(BenchmarkServer server)
    {
        var waited = Stopwatch.StartNew();
        await using var command = server.Database.CreateCommand(Behind);
        while ((bool)(await command.ExecuteScalarAsync())!)
        {
            if (waited.Elapsed > Longest) throw new InvalidOperationException("The views do not catch up.");
            await Task.Delay(50);
        }
    }

    private sealed record Parts(BenchmarkServer Server, Gateway Gateway, ServiceProcess Service, DatabaseFloor Floor);
}
