using System.Globalization;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Proof;

namespace MassMessaging.Tests.Crash;

/// <summary>What the ledger of a <see cref="Cluster"/>'s run must say once everybody is settled.</summary>
internal static class LedgerProof
{
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(10);

    // Slots are told in the service's own time, which the clock steps bend: only differences between neighbours mean something.
    private const string Slots = """
        select c.instance, r.phone, f.message_content, (e.data->>'slotAt')::timestamptz
        from mt_events e
        join campaign_recipient r on r.profile_id::text = e.tenant_id and r.member_id = e.stream_id
        join campaign_audience a on a.profile_id = r.profile_id and a.id = r.member_id
        join campaign_frozen f on f.profile_id = a.profile_id and f.campaign_id = a.campaign_id
        join whatsapp_config c on c.profile_id = a.profile_id
        where e.type = 'message_attempted'
        order by 4
        """;

    public static async Task Holds(Cluster run, TimeSpan onTheWay, ITestOutputHelper output)
    {
        List<Violation> broken = [.. LedgerRules.Twice(run.Simulator.Ledger.Entries.Select(Arrival.Of)), .. await Lost(run, output), .. await Rate(run, onTheWay, output)];
        Assert.Empty(broken);
    }

    /// <summary>The rate of what the nodes wrote.</summary>
    public static async Task<IReadOnlyList<Violation>> Rate(Cluster run, TimeSpan onTheWay, ITestOutputHelper output)
    {
        var written = run.Writes.Written;
        Assert.InRange(run.Simulator.Ledger.Entries.Count, 0, written.Count); // whoever listens at the wire hears all of it
        var checker = new LedgerRules(run.Lanes.ToDictionary(lane => lane.Instance, lane => lane.Rules), onTheWay);
        var excess = checker.Rate(written);
        return excess.Count == 0 ? [] : [.. excess.Except(await Explained(run, written, excess, output))];
    }

    /// <summary>Everybody of every campaign is in the ledger, or known to have been left out.</summary>
    private static async Task<IReadOnlyList<Violation>> Lost(Cluster run, ITestOutputHelper output)
    {
        var taken = run.Simulator.Ledger.Entries.Select(Arrival.Of).ToList();
        var members = new Dictionary<string, int>();
        List<Violation> broken = [];
        foreach (var lane in run.Lanes)
            foreach (var campaign in lane.Campaigns)
            {
                var standing = await lane.Members(campaign);
                foreach (var status in standing) members[status.Key] = members.GetValueOrDefault(status.Key) + status.Count();
                var leftOut = standing.Where(status => status.Key is "failed" or "skipped" or "in_doubt" or "excluded").SelectMany(status => status);
                broken.AddRange(LedgerRules.Lost(taken.Where(one => one.Instance == lane.Instance && campaign.Is(one)), campaign.Audience, leftOut));
            }

        output.WriteLine(
            $"{taken.Count} taken of {run.Simulator.Ledger.Received.Count}; {string.Join(", ", members.Select(status => $"{status.Value} {status.Key}"))}");
        return broken;
    }

    /// <summary>
    /// The promise leaves half of δ for the way. Where a message took longer from its slot to the gateway (the machine stalled between the
    /// last check and the wire), the window behind it may hold one more: that is reported.
    /// </summary>
    private static async Task<List<Violation>> Explained(Cluster run, IReadOnlyList<Arrival> written, IReadOnlyList<Violation> excess, ITestOutputHelper output)
    {
        var delays = await Delays(run, written);
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

    /// <summary>
    /// How much later than usual a message was written behind its slot, by those of its lane around it. Beyond half of δ, which is as long as
    /// its permit lived, the machine stalled between the last check and the wire.
    /// </summary>
    public static async Task<Func<Arrival, TimeSpan>> Lags(Cluster run)
    {
        var delays = await Delays(run, run.Writes.Written);
        return one =>
        {
            var around = delays.Where(other => other.Instance == one.Instance && Math.Abs(other.Micros - one.Micros) < Around.TotalMicroseconds).ToList();
            return TimeSpan.FromMicroseconds(around.First(other => other.Micros == one.Micros).Delay - around.Min(other => other.Delay));
        };
    }

    private static async Task<List<(string Instance, long Micros, double Delay)>> Delays(Cluster run, IReadOnlyList<Arrival> written)
    {
        var slots = await SlotsOf(run.Database);
        return
        [
            .. from one in written
               where slots.Contains(Key(one))
               let slot = slots[Key(one)].LastOrDefault(slot => slot <= one.At.AddSeconds(1), slots[Key(one)].First())
               select (one.Instance, one.Micros, (one.At - slot).TotalMicroseconds),
        ];
    }

    private static async Task<ILookup<(string, string, string), DateTimeOffset>> SlotsOf(TestDatabase database)
    {
        await using var command = database.DataSource.CreateCommand(Slots);
        await using var reader = await command.ExecuteReaderAsync();
        var slots = new List<((string, string, string) Key, DateTimeOffset At)>();
        while (await reader.ReadAsync())
        {
            var key = (reader.GetString(0), reader.GetString(1).TrimStart('+'), reader.GetString(2).Split(' ')[0]);
            slots.Add((key, reader.GetFieldValue<DateTimeOffset>(3)));
        }

        return slots.ToLookup(slot => slot.Key, slot => slot.At);
    }

    private static (string, string, string) Key(Arrival one) => (one.Instance, one.Number, one.Text.Split(' ')[0]);
}
