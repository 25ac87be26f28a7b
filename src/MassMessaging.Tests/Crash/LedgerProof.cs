using System.Globalization;
using MassMessaging.Tests.Proof;

namespace MassMessaging.Tests.Crash;

/// <summary>What the ledger of a <see cref="Cluster"/>'s run must say once everybody is settled.</summary>
internal static class LedgerProof
{
    // Slots are told in the service's own time, which the clock steps bend: only differences between neighbours mean something.
    private const string Slots = """
        select c.instance, r.phone, f.message_content, max((e.data->>'slotAt')::timestamptz)
        from mt_events e
        join campaign_recipient r on r.profile_id::text = e.tenant_id and r.member_id = e.stream_id
        join campaign_audience a on a.profile_id = r.profile_id and a.id = r.member_id
        join campaign_frozen f on f.profile_id = a.profile_id and f.campaign_id = a.campaign_id
        join whatsapp_config c on c.profile_id = a.profile_id
        where e.type = 'message_attempted'
        group by 1, 2, 3
        """;

    public static async Task Holds(Cluster run, TimeSpan onTheWay, ITestOutputHelper output)
    {
        var ledger = run.Simulator.Ledger;
        var taken = ledger.Entries.Select(Arrival.Of).ToList();
        var received = ledger.Received.Select(Arrival.Of).ToList();
        var checker = new LedgerRules(run.Lanes.ToDictionary(lane => lane.Instance, lane => lane.Rules), onTheWay);
        var members = new Dictionary<string, int>();
        List<Violation> broken = [.. LedgerRules.Twice(taken)];
        foreach (var lane in run.Lanes)
            foreach (var campaign in lane.Campaigns)
            {
                var standing = await lane.Members(campaign);
                foreach (var status in standing) members[status.Key] = members.GetValueOrDefault(status.Key) + status.Count();
                var leftOut = standing.Where(status => status.Key is "failed" or "skipped" or "in_doubt" or "excluded").SelectMany(status => status);
                broken.AddRange(LedgerRules.Lost(taken.Where(one => one.Instance == lane.Instance && campaign.Is(one)), campaign.Audience, leftOut));
            }

        output.WriteLine($"{taken.Count} taken of {received.Count}; {string.Join(", ", members.Select(status => $"{status.Value} {status.Key}"))}");
        var excess = checker.Rate(received);
        if (excess.Count > 0) broken.AddRange(excess.Except(await Explained(run, taken, excess, output)));
        Assert.Empty(broken);
    }

    /// <summary>
    /// The promise leaves half of δ for the way. Where a message took longer from its slot to the gateway (the machine stalled between the
    /// last check and the wire), the window behind it may hold one more: that is reported.
    /// </summary>
    private static async Task<List<Violation>> Explained(Cluster run, List<Arrival> taken, IReadOnlyList<Violation> excess, ITestOutputHelper output)
    {
        var slots = new Dictionary<(string, string, string), long>();
        await using (var command = run.Database.DataSource.CreateCommand(Slots))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                slots[(reader.GetString(0), reader.GetString(1).TrimStart('+'), reader.GetString(2).Split(' ')[0])] =
                    reader.GetFieldValue<DateTimeOffset>(3).UtcTicks / TimeSpan.TicksPerMicrosecond;
        var delays = taken.Where(one => slots.ContainsKey(Key(one)))
            .Select(one => (one.Instance, one.Micros, Delay: one.Micros - slots[Key(one)])).ToList();
        var explained = new List<Violation>();
        foreach (var one in excess)
        {
            var rule = run.Lanes.Single(lane => lane.Instance == one.Instance).Rules.PossibleAt(one.Micros, TimeSpan.Zero)[0];
            var (lane, span) = (delays.Where(delay => delay.Instance == one.Instance).ToList(), rule.Window.TotalMicroseconds);
            var lag = TimeSpan.FromMicroseconds(lane.Where(late => late.Micros >= one.Micros && late.Micros < one.Micros + span)
                .Select(late => late.Delay - lane.Where(before => before.Micros <= late.Micros && before.Micros > late.Micros - span).Min(before => before.Delay))
                .DefaultIfEmpty().Max());
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one}: {lag.TotalMilliseconds:0} ms later than one before it"));
            if (lag > rule.Window / 20) explained.Add(one);
        }

        return explained;
    }

    private static (string, string, string) Key(Arrival one) => (one.Instance, one.Number, one.Text.Split(' ')[0]);
}
