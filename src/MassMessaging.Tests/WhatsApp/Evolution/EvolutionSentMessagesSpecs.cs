using MassMessaging.Simulator;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Evolution;
using static MassMessaging.Tests.WhatsApp.Evolution.Sends;

namespace MassMessaging.Tests.WhatsApp.Evolution;

/// <summary>What the gateway tells afterwards, over real HTTP.</summary>
public sealed class EvolutionSentMessagesSpecs
{
    private const string Instance = "advisor-0042";
    private static readonly string[] Spellings = ["5491133334444", "541133334444"];

    [Fact]
    public async Task A_message_whose_answer_was_lost_is_found_in_whatever_spelling()
    {
        await using var simulator = await Start(new Fault(FaultKind.CloseAfter));
        await Send(simulator, Instance);
        await simulator.Settled(CancellationToken.None);

        var found = Assert.Single(await Find(simulator, Now.AddMinutes(-1), Now.AddMinutes(1)) ?? []);

        var entry = Assert.Single(simulator.Ledger.Entries);
        Assert.Equal((entry.KeyId, entry.Text), (found.GatewayMessageId, found.Text));
        Assert.InRange(found.At, entry.ReceivedAt.AddSeconds(-1), entry.ReceivedAt);
    }

    [Fact]
    public async Task What_lies_outside_the_window_is_not_found()
    {
        await using var simulator = await Start();
        await Send(simulator, Instance);

        Assert.Empty(await Find(simulator, Now.AddHours(-2), Now.AddHours(-1)) ?? [null!]);
    }

    [Fact]
    public async Task More_than_one_person_gets_in_a_moment_is_no_answer()
    {
        await using var simulator = await Start();
        for (var sent = 0; sent < 10; sent++) await Send(simulator, Instance);

        Assert.Null(await Find(simulator, Now.AddMinutes(-1), Now.AddMinutes(1)));
    }

    [Fact]
    public async Task A_gateway_that_is_away_or_confused_gives_no_answer()
    {
        await using var simulator = await Start();

        Assert.Null(await Find(simulator, Now.AddMinutes(-1), Now.AddMinutes(1), instance: "somebody-else"));
        Assert.Null(await Messages("http://127.0.0.1:9").Find(Instance, Spellings, Now, Now, CancellationToken.None));
    }

    [Fact]
    public async Task Receipts_that_no_webhook_brought_are_told_when_asked()
    {
        await using var simulator = await Start(new Fault(FaultKind.LostWebhook));
        var accepted = Assert.IsType<SendOutcome.Accepted>(await Send(simulator, Instance));
        await simulator.Settled(CancellationToken.None);

        var receipts = await Messages(simulator.Url).Receipts(Instance, accepted.GatewayMessageId, CancellationToken.None);

        Assert.Contains(ReceiptKind.Delivered, receipts!);
        Assert.Empty((await Messages(simulator.Url).Receipts(Instance, "3EB0000000000000000000", CancellationToken.None))!);
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static async Task<SimulatorHost> Start(Fault? fault = null)
    {
        var simulator = await SimulatorHost.Start(new SimulatorOptions(), CancellationToken.None);
        simulator.AddOpenInstance(Instance);
        if (fault is not null) simulator.Faults.Set(fault);
        return simulator;
    }

    private static EvolutionSentMessages Messages(string url) =>
        new(Client(new Uri($"{url}/"), TimeProvider.System, new SimulatorOptions().ApiKey));

    private static async Task<SendOutcome> Send(SimulatorHost simulator, string instance)
    {
        using var client = Client(new Uri($"{simulator.Url}/"), TimeProvider.System, simulator.ApiKey);
        return await new EvolutionWhatsApp(client).SendText(instance, Number, "Hola Ana", () => true, CancellationToken.None);
    }

    private static Task<IReadOnlyList<SentMessage>?> Find(
        SimulatorHost simulator, DateTimeOffset from, DateTimeOffset to, string instance = Instance) =>
        Messages(simulator.Url).Find(instance, Spellings, from, to, CancellationToken.None);
}
