using System.Globalization;
using MassMessaging.Simulator;
using MassMessaging.Tests.Chaos.Faults;
using MassMessaging.Tests.Crash;

namespace MassMessaging.Tests.Chaos;

/// <summary>Faults that begin together, how long they last, and the peace behind them.</summary>
internal sealed record ChaosStep(IReadOnlyList<IFault> Faults, TimeSpan For, TimeSpan Then)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{For.TotalSeconds:0.0} s: {string.Join(" + ", Faults)}, then {Then.TotalSeconds:0.0} s");
}

/// <summary>What will go wrong, chosen by a seed alone. Every kind of fault comes before any comes again.</summary>
internal sealed record ChaosPlan(int Seed, IReadOnlyList<string> Roles, IReadOnlyList<ChaosStep> Steps)
{
    private static readonly TimeSpan PastLease = TimeSpan.FromSeconds(5);

    /// <summary>For every run of all specs: the worst of each kind, once.</summary>
    public static ChaosPlan Short(int seed, IReadOnlyList<string> roles)
    {
        var random = new Random(seed);
        var (one, other) = random.Next(2) == 0 ? (0, 1) : (1, 0);
        (IFault[] Faults, double Seconds)[] steps =
        [
            ([new DatabaseNetwork(other, new(Loss: Loss.Commits)), new ClockStepped(random.Next(5, 4000))], 1.5),
            ([new GatewayNetwork(one, new(Loss: Loss.Answers)), new GatewayNetwork(other, new(Loss: Loss.Answers))], 1),
            ([new NodeStalled(one), new BackendKilled()], 1.5),
            ([new FailingCommits(random.Next(20, 50)), new DatabaseNetwork(one, new(Loss: Loss.Everything))], PastLease.TotalSeconds),
            ([new NodeKilled(other), new GatewayFault(FaultKind.LostWebhook, 5)], 0.5),
        ];
        return new(seed, roles, [.. steps.Select(step => new ChaosStep(step.Faults, TimeSpan.FromSeconds(step.Seconds), TimeSpan.FromSeconds(0.5)))]);
    }

    public static ChaosPlan Of(int seed, IReadOnlyList<string> roles, int steps)
    {
        var random = new Random(seed);
        var deck = new Queue<IFault>();
        return new(seed, roles, [.. Enumerable.Range(0, steps).Select(_ => Step(deck, random, roles.Count))]);
    }

    public bool IsShort => Steps.Count < 10;

    public override string ToString() =>
        string.Join('\n', Steps.Select((step, place) => $"  {place + 1}. {step}").Prepend($"CHAOS_SEED={Seed} nodes {string.Join(", ", Roles)}"));

    /// <summary>One of three steps has two faults.</summary>
    private static ChaosStep Step(Queue<IFault> deck, Random random, int nodes)
    {
        List<IFault> faults = [Draw(deck, random, nodes)];
        if (random.Next(3) == 0 && Draw(deck, random, nodes) is var second && second.Place != faults[0].Place) faults.Add(second);
        var lasts = TimeSpan.FromSeconds(0.2 + (2.5 * random.NextDouble()));
        if (faults.Exists(fault => fault is NodeStalled || Cuts(fault)) && random.Next(2) == 0) lasts += PastLease;
        return new(faults, lasts, TimeSpan.FromSeconds(0.1 + random.NextDouble()));
    }

    /// <summary>Nobody else sees the node for that long.</summary>
    private static bool Cuts(IFault fault) => fault is DatabaseNetwork { Weather.Loss: Loss.Everything or Loss.Connections or Loss.Silence or Loss.Reset };

    private static IFault Draw(Queue<IFault> deck, Random random, int nodes)
    {
        if (deck.Count == 0)
            foreach (var fault in All(random, nodes).OrderBy(_ => random.Next()).ToList()) deck.Enqueue(fault);
        return deck.Dequeue();
    }

    /// <summary>One of each kind, for nodes and with parameters of the seed's.</summary>
    private static IReadOnlyList<IFault> All(Random random, int nodes)
    {
        return
        [
            new NodeKilled(Node()), new NodeStalled(Node()), new NodeDrained(Node()),
            new DatabaseDown(Crashed: true), new DatabaseDown(Crashed: false), new BackendKilled(), new SessionsEnded(),
            new FailingCommits(random.Next(5, 60)), new ClockStepped(random.Next(2) == 0 ? random.Next(5, 4000) : -random.Next(1, 5)),
            .. Enum.GetValues<Loss>().Select(loss => new DatabaseNetwork(Node(), Of(loss))),
            .. Enum.GetValues<Loss>().Where(loss => loss != Loss.Commits).Select(loss => new GatewayNetwork(Node(), Of(loss))),
            new WebhookNetwork(Of(Loss.None)), new WebhookNetwork(Of(One([Loss.Answers, Loss.Connections]))),
            new GatewayFault(One(GatewayFault.Answers), random.Next(1, 4)), new GatewayFault(One(GatewayFault.Answers), random.Next(1, 4)),
            new GatewayFault(One(GatewayFault.Statuses), random.Next(2, 20)),
        ];

        int Node() => random.Next(nodes);
        T One<T>(T[] several) => several[random.Next(several.Length)];
        Weather Of(Loss loss) => loss != Loss.None ? new(Loss: loss)
            : random.Next(2) == 0 ? new(Delay: TimeSpan.FromMilliseconds(random.Next(5, 300))) : new(BytesPerSecond: random.Next(5_000, 100_000));
    }
}
