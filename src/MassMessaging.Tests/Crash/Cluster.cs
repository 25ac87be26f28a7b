using System.Net.Http.Json;
using MassMessaging.Simulator;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Proof;

namespace MassMessaging.Tests.Crash;

/// <summary>
/// Some processes of the service on one database whose clock may be set, and a simulated gateway that outlives them, with a network between
/// all of them. Whoever asks the service is answered by one of its nodes.
/// </summary>
internal sealed class Cluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly RestartableCluster? own;
    private int asked;

    private Cluster(TestDatabase database, SimulatorHost simulator, IEnumerable<string> roles, RestartableCluster? own)
    {
        (Database, Simulator, this.own) = (database, simulator, own);
        Writes = new SendTap(simulator.Ledger);
        Webhooks = new TcpLink(() => Answering(evenStopped: false)?.Port);
        Nodes = [.. roles.Select(role => new ClusterNode(this, role))];
    }

    public TestDatabase Database { get; }

    /// <summary>Of a cluster with a server of its own.</summary>
    public RestartableCluster Server => own!;

    public SimulatorHost Simulator { get; }

    public IReadOnlyList<ClusterNode> Nodes { get; }

    /// <summary>From the gateway to whoever answers requests.</summary>
    public TcpLink Webhooks { get; }

    /// <summary>What the nodes wrote to the gateway.</summary>
    public SendTap Writes { get; }

    public List<SimulatedLane> Lanes { get; } = [];

    /// <summary>Two nodes on the run's server.</summary>
    public static async Task<Cluster> Start(TestCluster cluster) => await Start(await TestDatabase.Create(cluster), ["all", "all"], null);

    /// <param name="roles">Of its nodes.</param>
    /// <param name="server">Its own: it may be crashed. It goes with the cluster.</param>
    public static async Task<Cluster> Start(RestartableCluster server, params string[] roles) =>
        await Start(await TestDatabase.Create(server), roles, server);

    /// <param name="rule">Of its rate.</param>
    /// <param name="spread">How that is spread.</param>
    /// <param name="numbers">Its clients'.</param>
    /// <param name="through">Null: whoever does not get an answer fails.</param>
    public async Task<SimulatedLane> Add(IReadOnlyList<string> numbers, LaneRule rule, object spread, Func<HttpMessageHandler, HttpMessageHandler>? through = null)
    {
        var living = new LivingNode(this, evenStopped: through is not null);
        var http = new HttpClient(through?.Invoke(living) ?? living) { BaseAddress = new Uri("http://any") };
        if (through is not null) http.Timeout = Timeout.InfiniteTimeSpan;
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
    public Task Kill(int node) => Nodes[node].Kill();

    public Task Start(int node) => Nodes[node].Start();

    /// <summary>The length of it is what is under test.</summary>
    public static async Task Passes(TimeSpan time)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync();
    }

    /// <summary>Nobody waits, and nobody is in a node's hands.</summary>
    public Task Settled() => Eventually.True(
        async () => await Database.Value<long>("select count(*) from campaign_audience where status in ('pending', 'sending')") == 0
            && await Database.Value<long>("select count(*) from campaign where status = 'sending' and not is_planned") == 0,
        Patience, $"everybody is settled\n{Nodes[0].Output}");

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes) await node.DisposeAsync();
        await Simulator.DisposeAsync();
        await Webhooks.DisposeAsync();
        if (own is null) await Database.DisposeAsync();
        else await own.DisposeAsync();
    }

    private static async Task<Cluster> Start(TestDatabase database, string[] roles, RestartableCluster? own)
    {
        await SteppedClock.In(database);
        var options = new SimulatorOptions { OpenDelay = TimeSpan.Zero, QrDelay = TimeSpan.Zero, MagicNumbers = false, Retries = new RetryOptions { Scale = 0.1 } };
        var run = new Cluster(database, await SimulatorHost.Start(options, CancellationToken.None), roles, own);
        run.SlowAnswers();
        await Task.WhenAll(run.Nodes.Select(node => node.Start()));
        return run;
    }

    /// <summary>Each in turn.</summary>
    private ClusterNode? Answering(bool evenStopped)
    {
        var able = Nodes.Where(node => node.AnswersRequests && (evenStopped || !node.IsStopped)).ToList();
        return able.Count == 0 ? null : able[(int)((uint)Interlocked.Increment(ref asked) % (uint)able.Count)];
    }

    /// <param name="evenStopped">A node that is stopped is asked too, as by a client that does not know.</param>
    private sealed class LivingNode(Cluster cluster, bool evenStopped) : DelegatingHandler(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromSeconds(1) })
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var node = cluster.Answering(evenStopped) ?? throw new HttpRequestException("No node answers requests.");
            request.RequestUri = new Uri($"http://127.0.0.1:{node.Port}{request.RequestUri!.PathAndQuery}");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
