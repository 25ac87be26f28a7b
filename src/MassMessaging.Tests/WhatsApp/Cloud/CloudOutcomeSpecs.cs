using System.Globalization;
using MassMessaging.Simulator;
using MassMessaging.Simulator.Cloud;
using MassMessaging.Tests.Harness;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Cloud;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.WhatsApp.Cloud;

/// <summary>
/// A spec per row of the outcome table, over HTTP against the simulated Meta: what we make of an answer, and whether it was sent.
/// </summary>
public sealed class CloudOutcomeSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string Person = "+5491133334444";

    /// <summary>Of all codes: signing up takes longer than a row.</summary>
    private static Task<CloudAdvisor>? refused;

    [Theory]
    [InlineData(0, "InstanceGone meta-0")]
    [InlineData(190, "InstanceGone meta-190")]
    [InlineData(3, "InstanceGone meta-3")]
    [InlineData(10, "InstanceGone meta-10")]
    [InlineData(200, "InstanceGone meta-200")]
    [InlineData(250, "InstanceGone meta-250")]
    [InlineData(299, "InstanceGone meta-299")]
    [InlineData(131005, "InstanceGone meta-131005")]
    [InlineData(131031, "InstanceGone meta-131031")]
    [InlineData(368, "InstanceGone meta-368")]
    [InlineData(131048, "InstanceGone meta-131048")]
    [InlineData(131037, "InstanceGone meta-131037")]
    [InlineData(133010, "InstanceGone meta-133010")]
    [InlineData(131042, "InstanceGone meta-131042")]
    [InlineData(131045, "InstanceGone meta-131045")]
    [InlineData(132001, "MessageStopped meta-132001")]
    [InlineData(132015, "MessageStopped meta-132015")]
    [InlineData(132016, "MessageStopped meta-132016")]
    [InlineData(4, "Throttled 120")]
    [InlineData(80007, "Throttled 120")]
    [InlineData(133016, "Throttled 120")]
    [InlineData(130429, "Throttled 2")]
    [InlineData(131056, "RecipientHeld pair-limit")]
    [InlineData(131047, "RecipientHeld window-closed")]
    [InlineData(2, "InstanceDown meta-2")]
    [InlineData(131016, "InstanceDown meta-131016")]
    [InlineData(131057, "InstanceDown meta-131057")]
    [InlineData(131049, "Refused meta-131049")]
    [InlineData(131050, "Refused meta-131050")]
    [InlineData(131026, "Refused meta-131026")]
    [InlineData(130472, "Refused meta-130472")]
    [InlineData(130497, "Refused meta-130497")]
    [InlineData(131008, "Refused meta-131008")]
    [InlineData(131009, "Refused meta-131009")]
    [InlineData(100, "Refused meta-100")]
    [InlineData(33, "Refused meta-33")]
    [InlineData(131021, "Refused meta-131021")]
    [InlineData(131030, "Refused meta-131030")]
    [InlineData(131051, "Refused meta-131051")]
    [InlineData(131052, "Refused meta-131052")]
    [InlineData(131053, "Refused meta-131053")]
    [InlineData(132000, "Refused meta-132000")]
    [InlineData(132012, "Refused meta-132012")]
    [InlineData(132018, "Refused meta-132018")]
    [InlineData(132005, "Refused meta-132005")]
    [InlineData(132007, "Refused meta-132007")]
    [InlineData(135000, "Refused meta-135000")]
    [InlineData(1, "Unknown meta-1")]
    [InlineData(131000, "Unknown meta-131000")]
    [InlineData(999999, "Unknown meta-999999")]
    public async Task A_code_of_Meta_is_what_the_table_says(int code, string outcome)
    {
        var advisor = await (refused ??= CloudAdvisor.Of(app, connects: false));
        app.Simulator.Faults.Set(new Fault(FaultKind.MetaError, advisor.Number.Id, Text: code.ToString(CultureInfo.InvariantCulture)));

        Assert.Equal(outcome, Words(await Send(advisor)));
        Assert.Empty(app.Simulator.Ledger.Of(advisor.Number.Id));
    }

    [Fact]
    public void Every_code_that_the_simulator_knows_has_a_row() => Assert.All(
        GraphError.Codes.Except([1, 131000]),
        code => Assert.IsNotType<SendOutcome.Unknown>(MetaOutcome.Of(code, null)));

    [Theory]
    [InlineData(FaultKind.ServerError, "Unknown meta-1", 0)]
    [InlineData(FaultKind.MetaErrorAfter, "Unknown meta-131000", 1)]
    [InlineData(FaultKind.BadGateway, "Unknown gateway-answered-502", 0)]
    [InlineData(FaultKind.BadGatewayAfter, "Unknown gateway-answered-502", 1)]
    [InlineData(FaultKind.TooMany, "Throttled 1", 0)]
    [InlineData(FaultKind.Unauthorized, "InstanceGone meta-190", 0)]
    [InlineData(FaultKind.CloseBefore, "Unknown connection-lost", 0)]
    [InlineData(FaultKind.CloseAfter, "Unknown connection-lost", 1)]
    [InlineData(FaultKind.ErrorAfter, "Accepted", 1)]
    [InlineData(FaultKind.HeldForQuality, "Accepted", 1)]
    public async Task A_fault_is_what_it_is_and_never_sends_twice(FaultKind fault, string outcome, int sent)
    {
        var advisor = await CloudAdvisor.Of(app, connects: false);
        app.Simulator.Faults.Set(new Fault(fault, advisor.Number.Id));

        Assert.Equal(outcome, Words(await Send(advisor, new OutgoingMessage.Template("saludo", "es_AR", ["Ana", "Julia"]))));
        Assert.Equal(sent, app.Simulator.Ledger.Of(advisor.Number.Id).Count);
        Assert.Single(app.Simulator.Ledger.ReceivedBy(advisor.Number.Id));
    }

    [Fact]
    public async Task A_wait_that_Meta_asks_for_is_kept()
    {
        var advisor = await CloudAdvisor.Of(app, connects: false);
        app.Simulator.Faults.Set(new Fault(FaultKind.MetaError, advisor.Number.Id, Text: "130429", Milliseconds: 7000));
        Assert.Equal("Throttled 7", Words(await Send(advisor)));
    }

    [Fact]
    public async Task A_text_goes_inside_the_window_and_is_held_outside_it()
    {
        var advisor = await CloudAdvisor.Of(app, connects: false);
        var outside = await Send(advisor);
        advisor.Writes(Person);
        var accepted = Assert.IsType<SendOutcome.Accepted>(await Send(advisor));

        Assert.Equal(new SendOutcome.RecipientHeld("window-closed"), outside);
        var entry = Assert.Single(app.Simulator.Ledger.Of(advisor.Number.Id));
        Assert.Equal((accepted.GatewayMessageId, "5491133334444", "Hola Ana"), (entry.KeyId, entry.Number, entry.Text));
    }

    [Fact]
    public async Task Breaks_and_wide_gaps_in_parameters_become_what_Meta_takes()
    {
        var advisor = await CloudAdvisor.Of(app, connects: false);
        Assert.IsType<SendOutcome.Accepted>(
            await Send(advisor, new OutgoingMessage.Template("saludo", "es_AR", ["Ana\r\nMaría\t", "Julia          Paz"])));
        Assert.StartsWith(
            "Hola Ana María, soy Julia   Paz.", Assert.Single(app.Simulator.Ledger.Of(advisor.Number.Id)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_permission_Meta_hears_nothing()
    {
        var advisor = await CloudAdvisor.Of(app, connects: false);
        Assert.Equal("NotWritten permit-expired", Words(await Send(advisor, mayWrite: () => false)));
        Assert.Empty(app.Simulator.Ledger.ReceivedBy(advisor.Number.Id));
    }

    [Fact]
    public async Task A_number_that_is_not_ours_any_more_needs_a_person()
    {
        var whatsApp = app.Services.GetRequiredService<IWhatsApp>();
        Assert.Equal(
            "InstanceGone number-missing",
            Words(await whatsApp.SendText(CloudInstance.Of("404"), Person, "Hola", () => true, CancellationToken.None)));
    }

    [Fact]
    public async Task A_disconnected_number_sends_nothing()
    {
        var advisor = await CloudAdvisor.Of(app);
        await advisor.Advisor.Post("/api/whatsapp/disconnect");
        Assert.Equal("InstanceDown disconnected", Words(await Send(advisor)));
        Assert.Empty(app.Simulator.Ledger.ReceivedBy(advisor.Number.Id));
    }

    [Theory]
    [InlineData(200, """{"messages":[]}""", "Unknown no-message-id")]
    [InlineData(200, "<html>ok</html>", "Unknown no-message-id")]
    [InlineData(200, """{"messages":[{"id":"\u0000"}]}""", "Unknown bad-message-id")]
    [InlineData(200, """{"error":{"code":131026}}""", "Refused meta-131026")]
    [InlineData(401, "<html>no</html>", "Unknown gateway-answered-401")]
    [InlineData(404, "{}", "Unknown gateway-answered-404")]
    [InlineData(503, "", "Unknown gateway-answered-503")]
    [InlineData(400, """{"error":{"code":"131026"}}""", "Unknown gateway-answered-400")]
    [InlineData(400, """{"error":{"code":1e99}}""", "Unknown gateway-answered-400")]
    [InlineData(400, """{"error":"\ud800"}""", "Unknown gateway-answered-400")]
    public void The_code_decides_and_never_the_status(int status, string body, string outcome) =>
        Assert.Equal(outcome, Words(CloudOutcome.Of(GatewayAnswer.Of(status, body))));

    private static string Words(SendOutcome outcome) => outcome switch
    {
        SendOutcome.Refused refused => $"Refused {refused.Code}",
        SendOutcome.InstanceDown down => $"InstanceDown {down.Reason}",
        SendOutcome.InstanceGone gone => $"InstanceGone {gone.Reason}",
        SendOutcome.MessageStopped stopped => $"MessageStopped {stopped.Reason}",
        SendOutcome.RecipientHeld held => $"RecipientHeld {held.Reason}",
        SendOutcome.NotWritten not => $"NotWritten {not.Reason}",
        SendOutcome.Throttled throttled => $"Throttled {throttled.RetryAfter?.TotalSeconds}",
        SendOutcome.Unknown unknown => $"Unknown {unknown.Reason}",
        _ => outcome.GetType().Name,
    };

    private Task<SendOutcome> Send(CloudAdvisor advisor, OutgoingMessage? message = null, Func<bool>? mayWrite = null) =>
        app.Services.GetRequiredService<IWhatsApp>().Send(
            advisor.Instance, Person, message ?? new OutgoingMessage.Text("Hola Ana"), mayWrite ?? (() => true), CancellationToken.None);
}
