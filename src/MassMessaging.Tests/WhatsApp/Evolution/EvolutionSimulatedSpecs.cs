using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Evolution;
using Microsoft.Extensions.Time.Testing;
using static MassMessaging.Tests.WhatsApp.Evolution.Sends;

namespace MassMessaging.Tests.WhatsApp.Evolution;

/// <summary>Against the simulated gateway over real HTTP: what we make of an answer, and whether the message really left.</summary>
public sealed class EvolutionSimulatedSpecs
{
    private const string Instance = "advisor-0042";

    [Fact]
    public async Task An_accepted_message_is_in_the_ledger_under_the_id_that_we_were_told()
    {
        await using var simulator = await SimulatorHost.Start(new SimulatorOptions(), CancellationToken.None);
        simulator.AddOpenInstance(Instance);

        var accepted = Assert.IsType<SendOutcome.Accepted>(await Send(simulator, Instance));

        var entry = Assert.Single(simulator.Ledger.Entries);
        Assert.Equal((accepted.GatewayMessageId, "5491133334444", "Hola Ana"), (entry.KeyId, entry.Number, entry.Text));
    }

    [Theory]
    [InlineData(FaultKind.NotOnWhatsapp, "Refused not-on-whatsapp", 0)]
    [InlineData(FaultKind.ConnectionClosed, "InstanceDown connection-closed", 0)]
    [InlineData(FaultKind.NeverConnected, "InstanceDown instance-not-connected", 0)]
    [InlineData(FaultKind.NotLoaded, "InstanceDown instance-not-connected", 0)]
    [InlineData(FaultKind.SocketGone, "InstanceDown instance-not-connected", 0)]
    [InlineData(FaultKind.NotLinked, "InstanceDown instance-not-connected", 0)]
    [InlineData(FaultKind.SocketClosed, "Unknown connection-closed", 0)]
    [InlineData(FaultKind.TimedOut, "Unknown gateway-timed-out", 0)]
    [InlineData(FaultKind.TimedOutAfter, "Unknown gateway-timed-out", 1)]
    [InlineData(FaultKind.ServerError, "Unknown gateway-answered-500", 0)]
    [InlineData(FaultKind.BadGateway, "Unknown gateway-answered-502", 0)]
    [InlineData(FaultKind.BadGatewayAfter, "Unknown gateway-answered-502", 1)]
    [InlineData(FaultKind.Unauthorized, "InstanceGone gateway-key-refused", 0)]
    [InlineData(FaultKind.CloseBefore, "Unknown connection-lost", 0)]
    [InlineData(FaultKind.CloseAfter, "Unknown connection-lost", 1)]
    [InlineData(FaultKind.ErrorAfter, "Accepted", 1)]
    public async Task A_fault_is_what_it_is_and_never_sends_twice(FaultKind fault, string outcome, int sent)
    {
        await using var simulator = await SimulatorHost.Start(new SimulatorOptions(), CancellationToken.None);
        simulator.AddOpenInstance(Instance);
        simulator.Faults.Set(new Fault(fault));

        Assert.Equal(outcome, Words(await Send(simulator, Instance)));
        Assert.Equal(sent, simulator.Ledger.Entries.Count);
        Assert.Single(simulator.Ledger.Received);
    }

    [Theory]
    [InlineData(FaultKind.Hang, 0)]
    [InlineData(FaultKind.HangAfter, 1)]
    public async Task A_gateway_that_hangs_is_unknown_whether_it_sent_or_not(FaultKind fault, int sent)
    {
        await using var simulator = await SimulatorHost.Start(new SimulatorOptions(), CancellationToken.None);
        simulator.AddOpenInstance(Instance);
        simulator.Faults.Set(new Fault(fault));
        var clock = new FakeTimeProvider();
        using var client = Client(new Uri($"{simulator.Url}/"), clock, simulator.ApiKey);

        var sending = Sends.Send(client);
        await Eventually.True(
            () => Task.FromResult(simulator.Ledger.Received.Count == 1 && simulator.Ledger.Entries.Count == sent),
            TimeSpan.FromSeconds(30), "the gateway has the message");
        clock.Advance(CallTimeout);

        Assert.Equal("Unknown call-timeout", Words(await sending));
    }

    [Fact]
    public async Task Too_many_requests_throttle()
    {
        await using var simulator = await SimulatorHost.Start(new SimulatorOptions(), CancellationToken.None);
        simulator.AddOpenInstance(Instance);
        simulator.Faults.Set(new Fault(FaultKind.TooMany));

        Assert.NotNull(Assert.IsType<SendOutcome.Throttled>(await Send(simulator, Instance)).RetryAfter);
    }

    [Fact]
    public async Task A_missing_instance_and_a_wrong_key_need_a_person()
    {
        await using var simulator = await SimulatorHost.Start(new SimulatorOptions(), CancellationToken.None);
        simulator.AddOpenInstance(Instance);

        Assert.Equal("InstanceGone instance-missing", Words(await Send(simulator, "ghost")));
        Assert.Equal("InstanceGone gateway-key-refused", Words(await Send(simulator, Instance, key: "wrong")));
    }

    [Fact]
    public async Task Without_permission_the_gateway_hears_nothing()
    {
        await using var simulator = await SimulatorHost.Start(new SimulatorOptions(), CancellationToken.None);
        simulator.AddOpenInstance(Instance);

        Assert.Equal("NotWritten permit-expired", Words(await Send(simulator, Instance, mayWrite: () => false)));
        Assert.Empty(simulator.Ledger.Received);
    }

    private static string Words(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Refused refused => $"Refused {refused.Code}",
        SendOutcome.InstanceDown down => $"InstanceDown {down.Reason}",
        SendOutcome.InstanceGone gone => $"InstanceGone {gone.Reason}",
        SendOutcome.NotWritten not => $"NotWritten {not.Reason}",
        SendOutcome.Unknown unknown => $"Unknown {unknown.Reason}",
        _ => outcome.GetType().Name,
    };

    private static async Task<SendOutcome> Send(SimulatorHost simulator, string instance, string? key = null, Func<bool>? mayWrite = null)
    {
        using var client = Client(new Uri($"{simulator.Url}/"), key: key ?? simulator.ApiKey);
        return await new EvolutionWhatsApp(client).SendText(instance, Number, "Hola Ana", mayWrite ?? (() => true), CancellationToken.None);
    }
}
