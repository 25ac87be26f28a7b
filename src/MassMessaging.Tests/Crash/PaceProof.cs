using MassMessaging.Campaigns.Sending;
using MassMessaging.Simulator;
using Npgsql;

namespace MassMessaging.Tests.Crash;

/// <summary>The rate, proved over the gateway's ledger by a checker that knows nothing of the scheduler.</summary>
public static class PaceProof
{
    /// <summary>
    /// No half-open window at the gateway holds more than the rate. Where something came later than δ after its slot (the machine stalled
    /// between the last check and the wire), the lag is reported and the grants themselves must be exact.
    /// </summary>
    public static async Task Holds(SendingRun run, ITestOutputHelper output)
    {
        var rate = new LaneRate(run.Options.Messages, run.Options.Window);
        var slots = await Slots(run.ConnectionString);
        Assert.Null(LedgerChecker.Excess(slots.Select(slot => slot.UtcTicks / 10), rate.Messages, rate.Window + rate.Slack - TimeSpan.FromMilliseconds(1)));

        var excess = LedgerChecker.Excess(run.Simulator.Ledger.Received.Select(send => send.ReceivedMicros), rate.Messages, rate.Window);
        var most = LedgerChecker.MostInWindow(run.Simulator.Ledger.Received.Select(send => send.ReceivedMicros), rate.Window);
        output.WriteLine($"{most} of {rate.Messages} in the fullest {rate.Window.TotalSeconds} s at the gateway; worst lag behind a slot {await WorstLag(run):0} ms");
        if (excess is not null && await WorstLag(run) <= rate.Slack.TotalMilliseconds) Assert.Fail($"{excess} without a stall that explains it");
    }

    /// <summary>Every slot that was ever granted, used or not.</summary>
    private static Task<List<DateTimeOffset>> Slots(string connectionString) => Times(
        connectionString, "select (data->>'slotAt')::timestamptz from mt_events where type = 'message_attempted' order by 1");

    private static async Task<double> WorstLag(SendingRun run)
    {
        await using var source = NpgsqlDataSource.Create(run.ConnectionString);
        await using var command = source.CreateCommand(
            """
            select r.phone, max((e.data->>'slotAt')::timestamptz) from mt_events e
            join campaign_recipient r on r.member_id = e.stream_id where e.type = 'message_attempted' group by r.phone
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var last = new Dictionary<string, DateTimeOffset>();
        while (await reader.ReadAsync()) last[reader.GetString(0).TrimStart('+')] = reader.GetFieldValue<DateTimeOffset>(1);
        return run.Simulator.Ledger.Entries
            .Select(entry => last.TryGetValue(entry.Number, out var slot) ? (entry.ReceivedAt - slot).TotalMilliseconds : 0).DefaultIfEmpty().Max();
    }

    private static async Task<List<DateTimeOffset>> Times(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var times = new List<DateTimeOffset>();
        while (await reader.ReadAsync()) times.Add(reader.GetFieldValue<DateTimeOffset>(0));
        return times;
    }
}
