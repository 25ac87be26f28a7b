using MassMessaging.Simulator;

namespace MassMessaging.Tests.Simulator;

public sealed class MagicNumberSpecs
{
    [Fact]
    public void Every_code_carries_one_fault_and_they_are_as_documented() => Assert.Equal(
        [
            "6660001 not_on_whatsapp", "6660002 server_error", "6660003 connection_closed", "6660004 hang", "6660005 hang_after", "6660006 close_before",
            "6660007 close_after", "6660008 timed_out", "6660009 timed_out_after", "6660010 bad_gateway", "6660011 bad_gateway_after", "6660012 too_many",
            "6660013 answer_delay", "6660014 error_after", "6660015 read_first", "6660016 lid", "6660017 lost_status", "6660018 lost_webhook",
            "6660019 repeat", "6660020 regress", "6660021 no_delivery", "6660022 no_read", "6660023 meta_error", "6660024 reply", "6660025 reply",
        ],
        MagicNumbers.All.Select(each => $"{each.Ending} {each.Fault.Name}"));

    [Theory]
    [InlineData("34606660001", FaultKind.NotOnWhatsapp)]
    [InlineData("5491126660007", FaultKind.CloseAfter)]
    [InlineData("525516660014", FaultKind.ErrorAfter)]
    public void Any_country_will_do(string number, FaultKind kind) => Assert.Equal(kind, MagicNumbers.Of(number)?.Kind);

    [Theory]
    [InlineData("34606660000")]
    [InlineData("34606660026")]
    [InlineData("34606661001")]
    [InlineData("0001")]
    public void Other_numbers_are_ordinary(string number) => Assert.Null(MagicNumbers.Of(number));

    [Fact]
    public async Task A_magic_number_meets_its_fault_and_only_it_does()
    {
        await using var gateway = await SimulatedGateway.Open();

        Assert.Equal(500, (await gateway.SendText("34606660002")).Status);
        Assert.Equal(201, (await gateway.SendText("34606660102")).Status);
    }

    [Fact]
    public async Task They_can_be_switched_off()
    {
        await using var gateway = await SimulatedGateway.Open(with: options => options with { MagicNumbers = false });

        Assert.Equal(201, (await gateway.SendText("34606660002")).Status);
    }

    [Fact]
    public async Task A_person_may_answer_by_itself()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await SimulatedGateway.Open(receiver.Url);

        var sent = await gateway.SendText("34606660024");
        var reply = await receiver.Next("messages.upsert");

        var data = reply.Data;
        Assert.Equal("BAJA", data.GetProperty("message").GetProperty("conversation").GetString());
        Assert.Equal("34606660024@s.whatsapp.net", data.GetProperty("key").GetProperty("remoteJid").GetString());
        Assert.Equal(sent.Json.GetProperty("key").GetProperty("id").GetString(), data.GetProperty("contextInfo").GetProperty("stanzaId").GetString());
    }
}
