using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using MassMessaging.Tests.Chaos.Faults;
using MassMessaging.Tests.Crash;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Proof;

namespace MassMessaging.Tests.Chaos;

/// <summary>One plan, from fresh nodes on a fresh server to what must be true when all is whole again.</summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    private const int Slow = 8; // seconds
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly LaneRule[] Rules = [new(72, TimeSpan.FromSeconds(6)), new(48, TimeSpan.FromSeconds(6)), new(100, TimeSpan.FromSeconds(10))];
    private static readonly object[] Spreads = [new { jitter = 0.1 }, new { burst = 4, maxInFlight = 4 }, new { spread = false, maxInFlight = 8 }];

    private readonly ChaosPlan plan;
    private readonly ITestOutputHelper output;
    private readonly Cluster cluster;
    private readonly ConcurrentQueue<string> wrong = [];
    private readonly List<ChaosAdvisor> advisors = [];
    private readonly Random random;
    private readonly long begun = TimeProvider.System.GetTimestamp();

    private ChaosRun(ChaosPlan plan, Cluster cluster, ITestOutputHelper output) =>
        (this.plan, this.cluster, this.output, random) = (plan, cluster, output, new Random(plan.Seed));

    public static async Task<ChaosRun> Prepare(ChaosPlan plan, ITestOutputHelper output)
    {
        output.WriteLine($"{plan}");
        var run = new ChaosRun(plan, await Cluster.Start(await RestartableCluster.Start(), [.. plan.Roles]), output);
        await FailingCommits.In(run.cluster);
        for (var lane = 0; lane < (plan.IsShort ? 2 : Rules.Length); lane++)
        {
            var numbers = Enumerable.Range(lane * 1000, 40).Select(place => $"5255{10_000_000 + place}");
            var added = await run.cluster.Add([.. numbers], Rules[lane], Spreads[lane], through: run.Insists);
            run.advisors.Add(new ChaosAdvisor(added, plan.Seed + lane, plan.IsShort ? 6 : 1_000, () => run.cluster.Simulator.Ledger.Micros));
        }

        return run;
    }

    /// <summary>Promises that were broken.</summary>
    public async Task<IReadOnlyList<string>> Survives(ChaosFigures figures)
    {
        using var over = new CancellationTokenSource();
        var living = Task.WhenAll(advisors.Select(advisor => advisor.Live(over.Token)));
        foreach (var step in plan.Steps)
        {
            await Happens(step);
            if (living.IsFaulted) break;
        }

        await over.CancelAsync();
        await living;
        Tell("the faults are over, and advisors have stopped");
        await Heal();
        Tell("all is settled");

        List<string> broken = [.. wrong.Distinct()];
        foreach (var advisor in advisors)
        {
            broken.AddRange(await advisor.Missing());
            foreach (var campaign in advisor.Lane.Campaigns) broken.AddRange([.. await Unplanned(advisor.Lane, campaign), .. await Audited(advisor.Lane, campaign)]);
        }

        Tell("answers and audit are read");
        broken.AddRange(await Spoken());
        foreach (var node in cluster.Nodes) Assert.Equal(0, await node.Drain());
        broken.AddRange((await LedgerProof.Rate(cluster, OnTheWay, output)).Select(one => $"{one}"));
        var (people, inDoubt) = await MemberProof.Of(cluster);
        broken.AddRange([.. people, .. await StateProof.Of(cluster)]);
        Tell($"rows, log and views are compared: {cluster.Simulator.Ledger.Entries.Count} taken, {inDoubt} in doubt, {broken.Count} promises broken");
        foreach (var one in broken) Tell(one);
        if (!wrong.IsEmpty) foreach (var fault in cluster.Nodes.SelectMany(node => node.Faults)) Tell(fault);
        figures.Add(plan, advisors, cluster.Simulator.Ledger.Entries.Count, inDoubt, broken.Count);
        return broken;
    }

    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    private InsistentHandler Insists(HttpMessageHandler inner) =>
        new(inner, wrong, () => new Uri($"http://127.0.0.1:{cluster.Nodes[0].Port}")); // read once, at the beginning

    /// <summary>The world is whole again before nodes are asked whether they are.</summary>
    private async Task Happens(ChaosStep step)
    {
        Tell($"{cluster.Simulator.Ledger.Entries.Count} taken: {step}");
        foreach (var fault in step.Faults) await fault.Begin(cluster);
        await Cluster.Passes(step.For);
        foreach (var fault in step.Faults.OrderBy(fault => fault.Place.StartsWith("node", StringComparison.Ordinal))) await fault.End(cluster);
        foreach (var node in cluster.Nodes) await IsReady(node);
        if (!plan.IsShort && random.Next(3) == 0) await Changes(cluster.Lanes[random.Next(cluster.Lanes.Count)]);
        await Cluster.Passes(step.Then);
    }

    private async Task IsReady(ClusterNode node)
    {
        var asked = TimeProvider.System.GetTimestamp();
        await node.IsReady();
        if (TimeProvider.System.GetElapsedTime(asked) is { TotalSeconds: > Slow } late)
            Tell(string.Create(CultureInfo.InvariantCulture, $"node {node.Port} was ready after {late.TotalSeconds:0.0} s:\n{node.Output}"));
    }

    private void Tell(string what) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetElapsedTime(begun).TotalSeconds,5:0.0} s  {what}"));

    /// <summary>While all is whole: a change that was given up could come late, and nobody would know which rule holds.</summary>
    private Task Changes(SimulatedLane lane) =>
        lane.Declare(lane.Rules.Latest with { Messages = random.Next(10, 80), Window = TimeSpan.FromSeconds(random.Next(6, 11)) });

    /// <summary>Nobody waits, nothing is on its way, and every queue is empty.</summary>
    private async Task Heal()
    {
        cluster.Simulator.Faults.Clear();
        foreach (var advisor in advisors)
        {
            if (!plan.IsShort) await advisor.Lane.Declare(new(400, TimeSpan.FromSeconds(6)));
            await advisor.ResumeAll();
        }

        await cluster.Settled();
        using var patience = new CancellationTokenSource(Patience * 2);
        await cluster.Simulator.Settled(patience.Token);
        await Eventually.True(
            async () => await cluster.Database.Value<long>("select count(*) from message where dead_at is null") == 0, Patience, "the queues are empty");
    }

    private static async Task<IEnumerable<string>> Unplanned(SimulatedLane lane, DeclaredCampaign campaign)
    {
        var known = (await lane.Members(campaign)).SelectMany(status => status).ToHashSet();
        return campaign.Audience.Where(number => !known.Contains(number)).Select(number => $"{number} of {campaign.Mark} is neither a member nor left out");
    }

    private static async Task<IReadOnlyList<string>> Audited(SimulatedLane lane, DeclaredCampaign campaign)
    {
        var proof = await lane.Advisor.Http.GetStringAsync(new Uri($"/api/audit/campaigns/{campaign.Id}/proof", UriKind.Relative));
        using var body = new StringContent(proof, null, "application/x-ndjson");
        using var verified = await lane.Advisor.Http.PostAsync(new Uri("/api/audit/verify", UriKind.Relative), body);
        var verdict = JsonElement.Parse(await verified.Content.ReadAsStringAsync());
        return verdict.TryGetProperty("valid", out var valid) && valid.GetBoolean() ? [] : [$"the audit of {campaign.Mark}: {verdict}"];
    }

    /// <summary>
    /// What was written while a pause or a cancel had been answered and nobody had asked for more. What the machine held up between the last
    /// check and the wire is reported: the stop had waited for the permit's whole life.
    /// </summary>
    private async Task<IReadOnlyList<string>> Spoken()
    {
        var lags = await LedgerProof.Lags(cluster);
        var spoken = (from advisor in advisors
                      from silence in advisor.Silences
                      from send in cluster.Writes.Written
                      where send.Instance == advisor.Lane.Instance && silence.Campaign.Is(send)
                          && send.Micros > silence.FromMicros && send.Micros < (silence.ToMicros ?? long.MaxValue)
                      let window = advisor.Lane.Rules.PossibleAt(send.Micros, TimeSpan.Zero)[0].Window
                      let what = $"{send.Number} of {silence.Campaign.Mark} was written to {send.Micros - silence.FromMicros} µs after the stop, {lags(send)} behind its slot"
                      select (what, IsLate: lags(send) > window / 40)).ToList();
        foreach (var (what, _) in spoken.Where(one => one.IsLate)) Tell(what);
        return [.. spoken.Where(one => !one.IsLate).Select(one => one.what)];
    }
}
