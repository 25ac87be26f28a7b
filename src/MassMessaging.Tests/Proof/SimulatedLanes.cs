using System.Net.Http.Json;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Kernel;
using MassMessaging.Simulator;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace MassMessaging.Tests.Proof;

/// <summary>
/// The real service, its database, a simulated gateway and some nodes, on a clock that the spec moves: from one instant at which anything
/// falls due to the next, so that days take seconds. Nodes tick in any order, together, late, and are replaced as after a kill.
/// </summary>
internal sealed class SimulatedLanes : IAsyncDisposable
{
    private const string NextDue = """
        select min(at) from (
            select greatest(next_at, coalesce(held_until, next_at)) as at from lane
            union all select coalesce(held_until, asleep_until) from campaign_scan where asleep_until is not null -- not each of its naps
            union all select due_at from message where dead_at is null and type <> 'judge_canary') due -- nor each of its looks
        where at > @now
        """;

    private const string AnyMessageDue = "select exists (select 1 from message where dead_at is null and due_at <= @now)";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);
    private readonly SimulatedNode[] nodes;
    private DateTimeOffset drainedAt;

    private SimulatedLanes(TestApp app, FakeTimeProvider clock, Random random, int nodes)
    {
        (App, Clock, Random) = (app, clock, random);
        this.nodes = [.. Enumerable.Range(0, nodes).Select(_ => new SimulatedNode(app, clock, random))];
    }

    public TestApp App { get; }

    public FakeTimeProvider Clock { get; }

    public Random Random { get; }

    public List<SimulatedLane> Lanes { get; } = [];

    public static async Task<SimulatedLanes> Start(TestCluster cluster, int seed, DateTimeOffset start, ReceiptOptions? receipts = null, int nodes = 2)
    {
        var clock = new FakeTimeProvider(start);
        var plain = new TestAppOptions { Clock = clock };
        var simulator = plain.Simulator with { Clock = new GatewayClock(clock), MagicNumbers = false, Receipts = receipts ?? plain.Simulator.Receipts };
        return new(await TestApp.Start(cluster, plain with { Simulator = simulator }), clock, new Random(seed), nodes);
    }

    /// <param name="numbers">Digits of its clients.</param>
    public async Task<SimulatedLane> Add(IReadOnlyList<string> numbers, LaneRule rule, object? spread = null, FirstOnes? first = null)
    {
        var http = App.Anonymous();
        var account = new { email = $"{Guid.NewGuid():n}@example.com", password = TestApp.Password };
        (await http.PostAsJsonAsync("/api/auth/register", account)).EnsureSuccessStatusCode();
        var advisor = new Advisor(http);
        var token = await SimulatedLane.SignIn(http, "login", account);
        var lane = await SimulatedLane.Of(advisor, token, numbers, App.Simulator.Ledger, spread ?? new { jitter = 0.2, maxInFlight = 10 });
        await lane.Declare(rule, first);
        await lane.Spreads();
        Lanes.Add(lane);
        return lane;
    }

    public async Task Pass(TimeSpan time)
    {
        for (var until = Clock.GetUtcNow() + time; Clock.GetUtcNow() < until;)
        {
            await Work();
            var now = Clock.GetUtcNow();
            var next = await NextAt() ?? until;
            if (next > now + Longest) next = now + Longest;
            if (Random.Next(50) == 0) next += TimeSpan.FromSeconds(30 * Random.NextDouble()); // everybody stalls
            if (next > until) next = until;
            var wait = next > now ? next - now : TimeSpan.Zero; // calls wait on this clock as well: time has passed
            Clock.Advance(wait + TimeSpan.FromMilliseconds(1));
        }

        await Work();
    }

    /// <summary>Another node in the place of one: what that one had granted is in the ring, and it never says that it is gone.</summary>
    public void Replace() => nodes[Random.Next(nodes.Length)] = new SimulatedNode(App, Clock, Random);

    /// <summary>Everything that is due, handled; what the gateway owes has come.</summary>
    public async Task Settle()
    {
        do
        {
            await App.Services.GetRequiredService<KernelDrain>().Drain(CancellationToken.None);
            await App.Simulator.Settled(CancellationToken.None);
        }
        while (await IsMessageDue());
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    /// <summary>Messages are handled once a minute: each look costs more than a tick.</summary>
    private async Task Work()
    {
        var now = Clock.GetUtcNow();
        if (now - drainedAt >= TimeSpan.FromMinutes(1))
        {
            drainedAt = now;
            if (await IsMessageDue()) await App.Services.GetRequiredService<KernelDrain>().Drain(CancellationToken.None);
            await App.Services.GetRequiredService<DoubtSweep>().RunOnce(CancellationToken.None);
        }

        while (await Tick())
        {
        }
    }

    /// <summary>Usually one node is first; sometimes they all tick at once.</summary>
    private async Task<bool> Tick()
    {
        if (Random.Next(4) > 0) return await nodes[Random.Next(nodes.Length)].Tick();
        return (await Task.WhenAll(nodes.Select(node => node.Tick()))).Contains(true);
    }

    private async Task<DateTimeOffset?> NextAt()
    {
        await using var command = Command(NextDue);
        return await command.ExecuteScalarAsync() is DateTime at ? new DateTimeOffset(at, TimeSpan.Zero) : null;
    }

    private async Task<bool> IsMessageDue()
    {
        await using var command = Command(AnyMessageDue);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private NpgsqlCommand Command(string sql)
    {
        var command = App.Database.DataSource.CreateCommand(sql);
        command.Parameters.AddWithValue("now", Clock.GetUtcNow());
        return command;
    }
}
