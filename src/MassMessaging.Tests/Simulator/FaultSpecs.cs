using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Simulator;

public sealed class FaultSpecs
{
    [Theory]
    [InlineData(FaultKind.ServerError, 500, "\"message\":\"Internal Server Error\"")]
    [InlineData(FaultKind.ConnectionClosed, 500, "\"message\":\"Connection Closed\"")]
    [InlineData(FaultKind.NeverConnected, 500, "(reading 'onWhatsApp')")]
    [InlineData(FaultKind.NotLoaded, 500, "(reading 'textMessage')")]
    [InlineData(FaultKind.SocketGone, 400, "[\"TypeError: Cannot read properties of undefined (reading 'sendMessage')\"]")]
    [InlineData(FaultKind.NotLinked, 400, "[\"TypeError: Cannot read properties of undefined (reading 'id')\"]")]
    [InlineData(FaultKind.SocketClosed, 400, "[\"Error: Connection Closed\"]")]
    [InlineData(FaultKind.TimedOut, 400, "[\"Error: Timed Out\"]")]
    [InlineData(FaultKind.BadGateway, 502, "<html>")]
    [InlineData(FaultKind.TooMany, 429, "Too many requests")]
    [InlineData(FaultKind.Unauthorized, 401, "\"message\":\"Unauthorized\"")]
    [InlineData(FaultKind.NotOnWhatsapp, 400, "\"exists\":false")]
    public async Task Before_the_message_is_taken(FaultKind kind, int status, string body)
    {
        await using var gateway = await SimulatedGateway.Open();
        gateway.Host.Faults.Set(new(kind));

        var answer = await gateway.SendText();

        Assert.Equal(status, answer.Status);
        Assert.Contains(body, answer.Text, StringComparison.Ordinal);
        Assert.Empty(gateway.Host.Ledger.Entries);
    }

    [Theory]
    [InlineData(FaultKind.TimedOutAfter, 400, false)]
    [InlineData(FaultKind.BadGatewayAfter, 502, true)]
    public async Task After_the_message_was_taken(FaultKind kind, int status, bool stored)
    {
        await using var gateway = await SimulatedGateway.Open();
        gateway.Host.Faults.Set(new(kind));

        var answer = await gateway.SendText();

        var entry = Assert.Single(gateway.Host.Ledger.Entries);
        Assert.Equal((status, false, stored, FaultNames.Of(kind)), (answer.Status, entry.Answered, entry.Stored, entry.Fault));
    }

    [Theory]
    [InlineData(FaultKind.CloseBefore, 0)]
    [InlineData(FaultKind.CloseAfter, 1)]
    public async Task The_connection_is_reset_before_or_after(FaultKind kind, int taken)
    {
        await using var gateway = await SimulatedGateway.Open();
        gateway.Host.Faults.Set(new(kind));

        await Assert.ThrowsAsync<HttpRequestException>(() => gateway.SendText());

        Assert.Equal(taken, gateway.Host.Ledger.Entries.Count);
        Assert.All(gateway.Host.Ledger.Entries, entry => Assert.False(entry.Answered));
        Assert.Single(gateway.Host.Ledger.Received);
    }

    [Theory]
    [InlineData(FaultKind.Hang, 0)]
    [InlineData(FaultKind.HangAfter, 1)]
    public async Task A_hanging_call_never_answers_and_ends_with_the_gateway(FaultKind kind, int taken)
    {
        await using var gateway = await SimulatedGateway.Open();
        gateway.Host.Faults.Set(new(kind));

        var call = gateway.SendText();
        await Eventually.True(
            () => Task.FromResult(gateway.Host.Ledger is { Received: [{ Number: not null }] } ledger && ledger.Entries.Count == taken),
            TimeSpan.FromSeconds(30), "the call has arrived");
        Assert.False(call.IsCompleted);
        await gateway.Host.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => call);
    }

    [Fact]
    public async Task An_answer_delay_comes_after_the_message_was_taken()
    {
        await using var gateway = await SimulatedGateway.Open();
        gateway.Host.Faults.Set(new(FaultKind.AnswerDelay, Milliseconds: 600_000, UpToMilliseconds: 700_000));

        var call = gateway.SendText();
        await Eventually.True(() => Task.FromResult(gateway.Host.Ledger.Entries.Count == 1), TimeSpan.FromSeconds(30), "the message is taken");

        Assert.False(call.IsCompleted);
        Assert.False(gateway.Host.Ledger.Entries[0].Answered);
        await gateway.Host.DisposeAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => call);
    }

    [Fact]
    public async Task A_fault_may_be_for_one_instance_one_number_and_so_many_times()
    {
        await using var gateway = await SimulatedGateway.Open();
        gateway.Host.AddOpenInstance("other");
        gateway.Host.Faults.Set(new(FaultKind.ServerError, Instance: "advisor-0042", Number: "4444", Times: 1));

        Assert.Equal(201, (await gateway.SendText(instance: "other")).Status);
        Assert.Equal(201, (await gateway.SendText("5491133335555")).Status);
        Assert.Equal(500, (await gateway.SendText()).Status);
        Assert.Equal(201, (await gateway.SendText()).Status);
    }

    [Fact]
    public async Task A_throttled_answer_says_when_to_come_back()
    {
        await using var gateway = await SimulatedGateway.Open();
        gateway.Host.Faults.Set(new(FaultKind.TooMany, Text: "7"));

        Assert.Equal(TimeSpan.FromSeconds(7), (await gateway.SendText()).Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task Faults_are_switched_over_HTTP()
    {
        await using var gateway = await SimulatedGateway.Open();

        var put = await gateway.Put("/simulator/faults", """{"kind":"server_error","instance":"advisor-0042","probability":1,"times":5}""");
        Assert.Equal("""[{"kind":"server_error","instance":"advisor-0042","number":null,"probability":1,"times":5}]""", put.Text);
        Assert.Equal(500, (await gateway.SendText()).Status);

        await gateway.Put("/simulator/faults", """[{"kind":"too_many"}]""");
        Assert.Equal(429, (await gateway.SendText()).Status);

        Assert.Equal("[]", (await gateway.Delete("/simulator/faults?kind=too_many")).Text);
        Assert.Equal(201, (await gateway.SendText()).Status);
    }

    [Theory]
    [InlineData("""{"kind":"nope"}""")]
    [InlineData("""{}""")]
    [InlineData("""{"kind":"hang","probability":2}""")]
    public async Task A_fault_that_is_none_is_refused(string body)
    {
        await using var gateway = await SimulatedGateway.Open();

        Assert.Equal(400, (await gateway.Put("/simulator/faults", body)).Status);
        Assert.Empty(gateway.Host.Faults.All);
    }

    [Fact]
    public void Clearing_one_instance_leaves_the_others()
    {
        var faults = new Faults(magicNumbers: false);
        faults.Replace([new(FaultKind.Hang, "a"), new(FaultKind.Hang, "b"), new(FaultKind.Lid, "a")]);

        faults.Clear("a", FaultKind.Hang);
        Assert.Equal([new Fault(FaultKind.Hang, "b"), new Fault(FaultKind.Lid, "a")], faults.All);

        faults.Clear();
        Assert.Empty(faults.All);
    }

    [Fact]
    public async Task A_probability_meets_about_its_share()
    {
        await using var gateway = await SimulatedGateway.Open();
        gateway.Host.Faults.Set(new(FaultKind.ServerError, Probability: 0.5));

        var statuses = new List<int>();
        for (var index = 0; index < 60; index++) statuses.Add((await gateway.SendText($"34600{index:D6}")).Status);

        Assert.InRange(statuses.Count(status => status == 500), 15, 45);
    }
}
