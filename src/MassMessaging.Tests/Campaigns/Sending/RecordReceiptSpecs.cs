using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Campaigns;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Campaigns.Views;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Tests.Campaigns.Sending;

public sealed class RecordReceiptSpecs
{
    private static readonly Guid Campaign = Guid.NewGuid();
    private static readonly Guid Attempt = Guid.NewGuid();
    private static readonly DateTimeOffset At = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly object[] Sent =
    [
        new MessageQueued(Campaign, Guid.NewGuid()), new MessageAttempted(Campaign, Attempt, At),
        new MessageSent(Campaign, Guid.NewGuid(), At, MemberStatus.Sending),
    ];

    [Fact]
    public void Read_without_delivered_is_one_event() =>
        Assert.Equal([new MessageRead(Campaign, At, MemberStatus.Sent, SlotAt: At)], After(Sent, ReceiptKind.Read).Skip(Sent.Length));

    [Fact]
    public void A_failure_by_receipt_is_raised_again_by_a_later_delivery() =>
        Assert.Equal(
            [
                new MessageFailed(Campaign, "gateway-error", At, MemberStatus.Sent, SlotAt: At),
                new MessageDelivered(Campaign, At, MemberStatus.Failed, SlotAt: At, SentAt: At, FailedFor: "gateway-error"),
            ],
            After(Sent, ReceiptKind.Failed, ReceiptKind.Delivered).Skip(Sent.Length));

    [Fact]
    public void A_refused_member_is_not_raised_by_a_receipt()
    {
        object[] refused = [Sent[0], Sent[1], new MessageFailed(Campaign, "not-on-whatsapp", At, MemberStatus.Sending)];

        Assert.Equal(refused, After(refused, ReceiptKind.Read));
    }

    [Fact]
    public void A_delivery_settles_a_doubt()
    {
        object[] inDoubt = [Sent[0], Sent[1], new MessageInDoubt(Campaign, "no-outcome")];

        Assert.Equal([new MessageDelivered(Campaign, At, MemberStatus.InDoubt, SlotAt: At)], After(inDoubt, ReceiptKind.Delivered).Skip(inDoubt.Length));
    }

    [Fact]
    public void Any_order_and_repetition_of_receipts_ends_in_the_highest_of_them_and_the_counters_agree() =>
        Prop.ForAll(Gen.Elements(Enum.GetValues<ReceiptKind>()).ListOf().ToArbitrary(), receipts =>
        {
            var history = After(Sent, [.. receipts]);
            var member = Fold(history);
            var sum = Counters(history);

            Assert.Equal(Highest([.. receipts]), member.Status);
            Assert.Equal(sum.Total, sum.Pending + sum.Sent + sum.Failed + sum.Skipped + sum.InDoubt);
            Assert.Equal(member.Status == MemberStatus.Failed ? 1 : 0, sum.Failed);
            Assert.Equal(member.Status is MemberStatus.Delivered or MemberStatus.Read ? 1 : 0, sum.Delivered);
            Assert.Equal(member.Status == MemberStatus.Read ? 1 : 0, sum.Read);
            Assert.Equal(0, sum.InFlight);
        }).QuickCheckThrowOnFailure();

    private static MemberStatus Highest(ReceiptKind[] receipts) => receipts switch
    {
        _ when receipts.Contains(ReceiptKind.Read) => MemberStatus.Read,
        _ when receipts.Contains(ReceiptKind.Delivered) => MemberStatus.Delivered,
        _ when receipts.Contains(ReceiptKind.Failed) => MemberStatus.Failed,
        _ => MemberStatus.Sent,
    };

    private static object[] After(object[] history, params ReceiptKind[] receipts) => receipts.Aggregate(history, (events, kind) =>
        [.. events, .. ((Decision.Accepted)RecordReceipt.Decide(Fold(events), Attempt, kind, At, null)).Events]);

    private static AudienceMember Fold(object[] history) => history.Aggregate(AudienceMember.Initial, AudienceMember.Evolve);

    private static CampaignCounters Counters(object[] history)
    {
        var member = new StreamKey(Guid.NewGuid(), Guid.NewGuid());
        return history.Select((data, index) => CampaignCounters.Increment(new RecordedEvent(index, member, index + 1, data, At, null, null, null))!)
            .Aggregate((sum, one) => sum with
            {
                Total = sum.Total + one.Total,
                Pending = sum.Pending + one.Pending,
                InFlight = sum.InFlight + one.InFlight,
                Sent = sum.Sent + one.Sent,
                Delivered = sum.Delivered + one.Delivered,
                Read = sum.Read + one.Read,
                Failed = sum.Failed + one.Failed,
                Skipped = sum.Skipped + one.Skipped,
                InDoubt = sum.InDoubt + one.InDoubt,
            });
    }
}
