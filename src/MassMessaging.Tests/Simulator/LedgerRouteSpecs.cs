using MassMessaging.Simulator;

namespace MassMessaging.Tests.Simulator;

public sealed class LedgerRouteSpecs
{
    [Fact]
    public async Task The_ledger_is_paged_by_sequence_and_filtered_by_instance()
    {
        await using var gateway = await SimulatedGateway.Open();
        gateway.Host.AddOpenInstance("other");
        for (var index = 0; index < 4; index++) await gateway.SendText($"3460000000{index}");
        await gateway.SendText(instance: "other");

        var page = await gateway.Get("/simulator/ledger?instance=advisor-0042&after=1&limit=2");

        Assert.Equal([2, 3], page.Json.EnumerateArray().Select(entry => entry.GetProperty("sequence").GetInt64()));
        Assert.Equal(5, (await gateway.Get("/simulator/ledger")).Json.GetArrayLength());
    }

    [Fact]
    public async Task The_summary_counts_people_and_duplicates()
    {
        await using var gateway = await SimulatedGateway.Open(with: NoReceipts);
        await gateway.SendText();
        await gateway.SendText();
        await gateway.SendText("34600110000");
        await gateway.SendText("123");

        var summary = await gateway.Get("/simulator/ledger/summary?instance=advisor-0042");

        Assert.Equal(
            """{"accepted":3,"answered":3,"distinctNumbers":2,"received":4,"duplicates":[{"number":"5491133334444","text":"Hola Ana","count":2}],"statuses":{},"faults":{}}""",
            summary.Text);
    }

    private static SimulatorOptions NoReceipts(SimulatorOptions options) => options with { Receipts = new() { ServerAck = 0, Delivered = 0 } };

    [Fact]
    public async Task The_pace_is_the_fullest_window()
    {
        await using var gateway = await SimulatedGateway.Open();
        for (var index = 0; index < 3; index++) await gateway.SendText();

        Assert.Equal("""{"windowMs":60000,"mostInWindow":3}""", (await gateway.Get("/simulator/ledger/pace?windowMs=60000")).Text);
    }

    [Fact]
    public async Task The_csv_quotes_what_needs_it()
    {
        await using var gateway = await SimulatedGateway.Open();
        await gateway.Post("/message/sendText/advisor-0042", """{"number":"5491133334444","text":"Hola, \"Ana\"\nadiós"}""");

        var csv = await gateway.Get("/simulator/ledger.csv");

        Assert.StartsWith("sequence,instance,number,keyId,", csv.Text, StringComparison.Ordinal);
        Assert.EndsWith(",\"Hola, \"\"Ana\"\"\nadiós\"\n", csv.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cleared_ledger_is_empty_and_its_numbers_go_on()
    {
        await using var gateway = await SimulatedGateway.Open();
        await gateway.SendText();

        await gateway.Delete("/simulator/ledger");
        Assert.Empty(gateway.Host.Ledger.Entries);
        await gateway.SendText();

        Assert.Equal(2, Assert.Single(gateway.Host.Ledger.Entries).Sequence);
    }

    [Fact]
    public async Task What_arrived_is_listed_with_its_answer()
    {
        await using var gateway = await SimulatedGateway.Open();
        gateway.Host.Faults.Set(new(FaultKind.ServerError));
        await gateway.SendText();

        var received = Assert.Single((await gateway.Get("/simulator/ledger/received")).Json.EnumerateArray());

        Assert.Equal("5491133334444", received.GetProperty("number").GetString());
        Assert.Equal(500, received.GetProperty("status").GetInt32());
        Assert.False(received.GetProperty("taken").GetBoolean());
    }

    [Fact]
    public async Task The_overview_is_for_people()
    {
        await using var gateway = await SimulatedGateway.Open();

        var overview = await gateway.Get("/simulator", key: "");

        Assert.Contains("advisor-0042  WHATSAPP-BAILEYS  open", overview.Text, StringComparison.Ordinal);
        Assert.Contains("6660001  not_on_whatsapp", overview.Text, StringComparison.Ordinal);
    }
}
