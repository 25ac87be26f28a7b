using MassMessaging.Simulator;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Tests.Simulator;

public sealed class ReceiptSpecs
{
    [Fact]
    public async Task A_message_is_acknowledged_delivered_and_read_under_its_key_id()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await SimulatedGateway.Open(receiver.Url);

        var sent = await gateway.SendText();
        await gateway.Host.Settled(CancellationToken.None);

        var id = sent.Json.GetProperty("key").GetProperty("id").GetString();
        var updates = receiver.Of("messages.update");
        Assert.Equal(["DELIVERY_ACK", "READ", "SERVER_ACK"], updates.Select(hook => hook.Status).Order(StringComparer.Ordinal));
        Assert.All(updates, hook => Assert.Equal(id, hook.Data.GetProperty("keyId").GetString()));
        Assert.Equal(sent.Text, Assert.Single(receiver.Of("send.message")).Data.GetRawText());
    }

    [Theory]
    [InlineData(FaultKind.ErrorAfter, "ERROR")]
    [InlineData(FaultKind.NoServerAck, "DELIVERY_ACK READ")]
    [InlineData(FaultKind.NoDelivery, "SERVER_ACK")]
    [InlineData(FaultKind.NoRead, "DELIVERY_ACK SERVER_ACK")]
    [InlineData(FaultKind.Repeat, "DELIVERY_ACK DELIVERY_ACK READ READ SERVER_ACK SERVER_ACK")]
    [InlineData(FaultKind.Regress, "DELIVERY_ACK DELIVERY_ACK READ SERVER_ACK SERVER_ACK")]
    [InlineData(FaultKind.LostStatus, "")]
    [InlineData(FaultKind.LostWebhook, "")]
    public async Task Faults_of_statuses_show_in_the_webhooks(FaultKind kind, string statuses)
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await SimulatedGateway.Open(receiver.Url);
        gateway.Host.Faults.Set(new(kind));

        await gateway.SendText();
        await gateway.Host.Settled(CancellationToken.None);

        Assert.Equal(statuses, string.Join(' ', receiver.Of("messages.update").Select(hook => hook.Status).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Read_may_come_before_delivered()
    {
        var dice = new Dice(1);

        var plan = ReceiptPlan.Of(new ReceiptOptions(), new FaultPlan([new(FaultKind.ReadFirst)]), ref dice);

        var inOrder = plan.OrderBy(each => each.After).Select(each => each.Status).Where(status => status != ReceiptPlan.ServerAck);
        Assert.Equal([ReceiptPlan.Read, ReceiptPlan.DeliveryAck], inOrder);
    }

    [Fact]
    public void A_regressed_status_comes_after_the_higher_one()
    {
        var dice = new Dice(1);

        var plan = ReceiptPlan.Of(new ReceiptOptions(), new FaultPlan([new(FaultKind.Regress)]), ref dice);

        var inOrder = plan.OrderBy(each => each.After).Select(each => each.Status).ToList();
        Assert.True(inOrder.LastIndexOf(ReceiptPlan.DeliveryAck) > inOrder.IndexOf(ReceiptPlan.Read));
    }

    [Fact]
    public void The_same_message_always_has_the_same_fate_and_another_seed_another()
    {
        var fates = Enumerable.Range(0, 2).Select(_ => Fates(seed: 1)).ToList();

        Assert.Equal(fates[0], fates[1]);
        Assert.NotEqual(fates[0], Fates(seed: 2));
    }

    [Fact]
    public void The_probabilities_hold()
    {
        var fates = Fates(seed: 7);

        Assert.InRange(Share(ReceiptPlan.DeliveryAck), 0.96, 1);
        Assert.InRange(Share(ReceiptPlan.Read), 0.53, 0.65);

        double Share(string status) => fates.Count(fate => fate.Contains(status, StringComparison.Ordinal)) / (double)fates.Count;
    }

    [Fact]
    public async Task Updates_may_name_a_privacy_id()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await SimulatedGateway.Open(receiver.Url);
        gateway.Host.Faults.Set(new(FaultKind.Lid));

        await gateway.SendText();
        var update = await receiver.Next("messages.update");

        var jid = update.Data.GetProperty("remoteJid").GetString();
        Assert.EndsWith("@lid", jid, StringComparison.Ordinal);
        Assert.Equal(Jid.Lid("5491133334444@s.whatsapp.net"), jid);
    }

    [Fact]
    public async Task Send_message_may_arrive_before_the_answer()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await SimulatedGateway.Open(receiver.Url);
        gateway.Host.Faults.Set(new(FaultKind.SendMessageFirst));

        await gateway.SendText();

        Assert.Single(receiver.Of("send.message"));
    }

    [Fact]
    public async Task Send_message_may_come_late_or_never()
    {
        await using var receiver = await WebhookReceiver.Start();
        await using var gateway = await SimulatedGateway.Open(receiver.Url);
        gateway.Host.Faults.Replace([new(FaultKind.SendMessageLate, Number: "4444"), new(FaultKind.NoSendMessage, Number: "5555")]);

        await gateway.SendText("5491133334444");
        await gateway.SendText("5491133335555");
        await gateway.Host.Settled(CancellationToken.None);

        var late = Assert.Single(receiver.Of("send.message"));
        Assert.Equal("5491133334444@s.whatsapp.net", late.Data.GetProperty("key").GetProperty("remoteJid").GetString());
    }

    private static List<string> Fates(int seed) =>
    [
        .. Enumerable.Range(0, 2000).Select(index =>
        {
            var dice = Dice.For(seed, "advisor", $"54911{index:D8}", "Hola");
            return string.Join(' ', ReceiptPlan.Of(new ReceiptOptions(), FaultPlan.None, ref dice).Select(each => each.Status));
        }),
    ];
}
