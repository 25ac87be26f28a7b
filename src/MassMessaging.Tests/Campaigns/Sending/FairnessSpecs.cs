using System.Net;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns.Sending;

/// <summary>Many lanes at once, one with a gateway that hangs and one with a crowd waiting, judged by the gateway's ledger alone.</summary>
[Collection(nameof(Alone))]
public sealed class FairnessSpecs(TestCluster cluster, ITestOutputHelper output)
{
    private const int Messages = 30;
    private const int Each = 8;

    [Theory]
    [Sizes(small: 30, full: 200)]
    public async Task A_dead_gateway_and_a_crowd_slow_nobody_else_down(int lanes)
    {
        var crowd = lanes < 200 ? 2_000 : 100_000;
        await using var app = await TestApp.Start(cluster, Options(lanes));
        var numbers = new List<Number>();
        for (var lane = 0; lane < lanes; lane++) numbers.Add(await Linked(app, lane == 1 ? crowd : Each));
        app.Simulator.Faults.Set(new Fault(FaultKind.Hang, numbers[0].Instance));

        foreach (var number in numbers) (await number.Advisor.Post($"{number.Campaign}/send")).Is(HttpStatusCode.Accepted);
        await Eventually.True(
            () => Task.FromResult(numbers.Skip(2).All(number => Sends(app, number).Count >= Each)), TimeSpan.FromSeconds(30 + (lanes * 1.5)),
            "everybody but the two is written to");

        var spacing = TimeSpan.FromSeconds(lanes * 1.05 / Messages);
        var spans = numbers.Skip(2).Select(number => Span(Sends(app, number))).Order().ToList();
        output.WriteLine($"{Each} messages at {spacing.TotalSeconds:0.00} s took {spans[0].TotalSeconds:0.0} to {spans[^1].TotalSeconds:0.0} s over {spans.Count} lanes");
        Assert.All(numbers.Skip(2), number => Assert.Equal(Each, Sends(app, number).Count));
        Assert.True(spans[^1] <= spacing * (Each - 1) * 2, $"{spans[^1]}");
        Assert.True(spans[spans.Count / 2] <= spacing * (Each - 1) * 1.4, $"half of them took {spans[spans.Count / 2]}");

        Assert.Empty(Sends(app, numbers[0]));
        Assert.InRange(Sends(app, numbers[1]).Count, Each / 2, crowd / 10); // at its own pace, with most still waiting
    }

    private static TestAppOptions Options(int lanes) => new()
    {
        Daemons = true,
        Simulator = new SimulatorOptions { OpenDelay = TimeSpan.Zero, QrDelay = TimeSpan.Zero, MagicNumbers = false },
        Settings = new Dictionary<string, string> { ["Pacing:Messages"] = $"{Messages}", ["Pacing:PerSeconds"] = $"{lanes}" },
    };

    private static async Task<Number> Linked(TestApp app, int clients)
    {
        var advisor = await Advisor.Of(app);
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        var instance = (await advisor.Get("/api/whatsapp/config"))["instance"].GetString()!;
        var profile = (await advisor.Get("/api/profile"))["id"].GetGuid();
        await app.Database.Execute(
            $"""
            insert into client (profile_id, id, name, search_name, phone, label, created_at, updated_at)
            select '{profile}', gen_random_uuid(), 'Ana ' || n, 'ana ' || n, '+54911' || (55000000 + n), 'consumidor', now(), now()
            from generate_series(1, {clients}) as n
            """);
        return new(advisor, instance, $"/api/campaigns/{await advisor.HasDraft(new { all = true })}");
    }

    private static IReadOnlyList<long> Sends(TestApp app, Number number) =>
        [.. app.Simulator.Ledger.Entries.Where(entry => entry.Instance == number.Instance).Select(entry => entry.ReceivedMicros)];

    private static TimeSpan Span(IReadOnlyList<long> micros) => TimeSpan.FromMicroseconds(micros.Max() - micros.Min());

    private sealed record Number(Advisor Advisor, string Instance, string Campaign);
}
