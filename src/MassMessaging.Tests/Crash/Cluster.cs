using System.Globalization;
using System.Net.Http.Json;
using MassMessaging.Simulator;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Proof;

namespace MassMessaging.Tests.Crash;

/// <summary>
/// Two processes of the service on one database whose clock may be set, and a simulated gateway that outlives them. Whoever asks the
/// service is answered by a node that runs.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly int[] ports = [ServiceProcess.FreePort(), ServiceProcess.FreePort()];
    private readonly ServiceProcess?[] nodes = new ServiceProcess?[2];
    private readonly HashSet<int> stopped = [];

    private Cluster(TestDatabase database, SimulatorHost simulator) => (Database, Simulator) = (database, simulator);

    public TestDatabase Database { get; }

    public SimulatorHost Simulator { get; }

    public List<SimulatedLane> Lanes { get; } = [];

    public static async Task<Cluster> Start(TestCluster cluster)
    {
        var database = await TestDatabase.Create(cluster);
        await SteppedClock.In(database);
        var options = new SimulatorOptions { OpenDelay = TimeSpan.Zero, QrDelay = TimeSpan.Zero, MagicNumbers = false, Retries = new RetryOptions { Scale = 0.1 } };
        var run = new Cluster(database, await SimulatorHost.Start(options, CancellationToken.None));
        run.SlowAnswers();
        await Task.WhenAll(run.Start(0), run.Start(1));
        return run;
    }

    public async Task<SimulatedLane> Add(IReadOnlyList<string> numbers, LaneRule rule, object spread)
    {
        var http = new HttpClient(new LivingNode(this)) { BaseAddress = new Uri("http://any") };
        var account = new { email = $"{Guid.NewGuid():n}@example.com", password = TestApp.Password };
        (await http.PostAsJsonAsync("/api/auth/register", account)).EnsureSuccessStatusCode();
        var token = await SimulatedLane.SignIn(http, "login", account);
        var lane = await SimulatedLane.Of(new Advisor(http), token, numbers, Simulator.Ledger, spread);
        await lane.Declare(rule);
        await lane.Spreads();
        Lanes.Add(lane);
        return lane;
    }

    /// <summary>Answers take their time, so that kills and stops land inside calls.</summary>
    public void SlowAnswers() => Simulator.Faults.Set(new Fault(FaultKind.AnswerDelay, Milliseconds: 20, UpToMilliseconds: 150));

    /// <summary>As kill -9.</summary>
    public async Task Kill(int node)
    {
        var killed = nodes[node]!;
        nodes[node] = null;
        await killed.DisposeAsync();
    }

    public async Task Start(int node) => nodes[node] = await ServiceProcess.Start(
        new Dictionary<string, string>
        {
            ["ConnectionStrings__Postgres"] = Database.ConnectionString,
            ["EVOLUTION_API_URL"] = Simulator.Url,
            ["EVOLUTION_API_KEY"] = Simulator.ApiKey,
            ["EVOLUTION_CALL_TIMEOUT_SECONDS"] = "2",
            ["PUBLIC_URL"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ports[0]}"),
            ["RATE_LIMIT_PER_MINUTE"] = "1000000",
            ["SIGN_IN_LIMIT_PER_MINUTE"] = "1000000",
            ["IN_DOUBT_ASK_HOURS"] = "0",
        },
        ports[node]);

    /// <summary>The length of the stop is what is under test.</summary>
    public async Task Stall(int node, TimeSpan time)
    {
        stopped.Add(node);
        await nodes[node]!.Stop();
        await Passes(time);
        await nodes[node]!.Continue();
        stopped.Remove(node);
    }

    public static async Task Passes(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync();
    }

    /// <summary>Nobody waits, and nobody is in a node's hands.</summary>
    public Task Settled() => Eventually.True(
        async () => await Database.Value<long>("select count(*) from campaign_audience where status in ('pending', 'sending')") == 0
            && await Database.Value<long>("select count(*) from campaign where status = 'sending' and not is_planned") == 0,
        Patience, $"everybody is settled\n{nodes[0]?.Output}");

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
            if (node is not null)
                await node.DisposeAsync();
        await Simulator.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>Sends each request to a node that can answer.</summary>
    private sealed class LivingNode(Cluster cluster) : DelegatingHandler(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(1) })
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var node = cluster.nodes[0] is not null && !cluster.stopped.Contains(0) ? 0 : 1;
            request.RequestUri = new Uri($"http://127.0.0.1:{cluster.ports[node]}{request.RequestUri!.PathAndQuery}");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
