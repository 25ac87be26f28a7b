using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Campaigns;
using MassMessaging.Campaigns.Views;
using MassMessaging.Kernel;
using static MassMessaging.Campaigns.MemberStatus;

namespace MassMessaging.Tests.Campaigns;

public sealed class CampaignAnswerSpecs
{
    private static readonly DateTimeOffset Now = Facts.Noon;
    private static readonly CampaignCounters None = new(Facts.Key.Profile, Facts.Key.Id);

    [Fact]
    public void The_counters_add_up_to_the_total_after_every_event_whatever_the_status() => Prop
        .ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => AddsUp(new Random(seed)))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void A_final_status_is_shown_only_when_nobody_is_pending() => Prop
        .ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => NobodyPends(new Random(seed)))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void A_completed_campaign_is_still_sending_until_its_counters_have_seen_everybody()
    {
        var sent = Row(CampaignStatus.Sent) with { Included = 3, SentAt = Now, StatusReason = "in-doubt" };

        var lagging = Show(sent, None with { Total = 2, Sent = 2 });
        var caughtUp = Show(sent, None with { Total = 3, Sent = 2, InDoubt = 1 });

        Assert.Equal((CampaignStatus.Sending, null, null), (lagging.Status, lagging.StatusReason, lagging.SentAt));
        Assert.Equal((CampaignStatus.Sent, "in-doubt", Now), (caughtUp.Status, caughtUp.StatusReason, caughtUp.SentAt));
    }

    [Fact]
    public void A_cancelled_campaign_has_skipped_who_waited_and_doubts_who_was_in_flight()
    {
        var shown = Show(Row(CampaignStatus.Cancelled), None with { Total = 10, Pending = 6, InFlight = 2, Sent = 4 });

        Assert.Equal((0, 4, 4, 2, 10), (shown.PendingCount, shown.SentCount, shown.SkippedCount, shown.InDoubtCount, shown.TotalRecipients));
    }

    [Fact]
    public void It_is_launching_until_everybody_is_planned() =>
        Assert.Equal("launching", Show(Row(CampaignStatus.Sending) with { IsPlanned = false }, None).StatusReason);

    [Theory]
    [InlineData(60, "instance-down")]
    [InlineData(0, null)]
    [InlineData(-1, null)]
    public void A_held_lane_is_the_reason_until_its_hold_ends(int seconds, string? reason)
    {
        var until = Now.AddSeconds(seconds);

        var shown = Show(Row(CampaignStatus.Sending), None, new LaneHold("instance-down", until));

        Assert.Equal((reason, reason is null ? null : until), (shown.StatusReason, shown.HeldUntil));
    }

    [Fact]
    public void A_hold_without_an_end_is_shown_without_one()
    {
        var shown = Show(Row(CampaignStatus.Sending), None, new LaneHold("instance-gone", null));

        Assert.Equal(("instance-gone", null), (shown.StatusReason, shown.HeldUntil));
    }

    [Fact]
    public void A_held_lane_is_no_reason_for_what_is_not_sending() =>
        Assert.Null(Show(Row(CampaignStatus.Draft), None, new LaneHold("instance-down", Now.AddHours(1))).StatusReason);

    [Fact]
    public void A_pause_tells_what_needs_a_person() =>
        Assert.Equal("instance-gone", Show(Row(CampaignStatus.Paused) with { StatusReason = "instance-gone" }, None).StatusReason);

    private static bool AddsUp(Random random) => Histories(random).All(counters => Enum.GetValues<CampaignStatus>().All(status =>
    {
        var row = Show(Row(status), counters);
        return row.TotalRecipients == row.PendingCount + row.SentCount + row.FailedCount + row.SkippedCount + row.InDoubtCount
            && row.DeliveredCount <= row.SentCount && row.ReadCount <= row.DeliveredCount;
    }));

    private static bool NobodyPends(Random random) => Histories(random).All(counters => Enum.GetValues<CampaignStatus>().All(status =>
    {
        var row = Show(Row(status) with { Included = Members }, counters);
        return !row.IsFinal || row.PendingCount == 0;
    }));

    private const int Members = 5;

    /// <summary>The counters after each event of a random but possible history of a few members.</summary>
    private static IEnumerable<CampaignCounters> Histories(Random random)
    {
        var members = new MemberStatus[Members];
        var counters = None;
        for (var step = 0; step < 60; step++)
        {
            var member = random.Next(Members);
            var (next, fact) = Next(members[member], random);
            members[member] = next;
            if (fact is not null) counters = Add(counters, CampaignCounters.Increment(Recorded(fact))!);
            yield return counters;
        }
    }

    private static (MemberStatus Next, object? Fact) Next(MemberStatus was, Random random)
    {
        var (campaign, client) = (Facts.Key.Id, Guid.Empty);
        (MemberStatus Next, object Fact)[] possible = was switch
        {
            Missing => [(Pending, new MessageQueued(campaign, client))],
            Pending => [(MemberStatus.Sending, new MessageAttempted(campaign, client, Now)), (Skipped, new MessageSkipped(campaign, "cancelled"))],
            MemberStatus.Sending =>
            [
                (Pending, new MessageReleased(campaign, "x")), (InDoubt, new MessageInDoubt(campaign, "x")),
                (Sent, new MessageSent(campaign, client, Now, was)), (Failed, new MessageFailed(campaign, "x", Now, was)),
            ],
            InDoubt => [(Sent, new MessageSent(campaign, client, Now, was)), (Delivered, new MessageDelivered(campaign, Now, was))],
            Sent =>
            [
                (Delivered, new MessageDelivered(campaign, Now, was)), (Read, new MessageRead(campaign, Now, was)),
                (Failed, new MessageFailed(campaign, "x", Now, was)),
            ],
            Delivered => [(Read, new MessageRead(campaign, Now, was))],
            Failed => [(Delivered, new MessageDelivered(campaign, Now, was)), (Read, new MessageRead(campaign, Now, was))],
            _ => [],
        };
        return possible.Length == 0 ? (was, null) : possible[random.Next(possible.Length)];
    }

    private static CampaignCounters Add(CampaignCounters left, CampaignCounters right) => left with
    {
        Total = left.Total + right.Total,
        Pending = left.Pending + right.Pending,
        InFlight = left.InFlight + right.InFlight,
        Sent = left.Sent + right.Sent,
        Delivered = left.Delivered + right.Delivered,
        Read = left.Read + right.Read,
        Failed = left.Failed + right.Failed,
        Skipped = left.Skipped + right.Skipped,
        InDoubt = left.InDoubt + right.InDoubt,
    };

    private static RecordedEvent Recorded(object fact) => new(1, Facts.Key, 1, fact, Now, null, null, null);

    private static CampaignRow Row(CampaignStatus status) => new(
        Facts.Key.Profile, Facts.Key.Id, Facts.Content, null, status, null, IsPlanned: true, null, 0, null, null, null, Now, Now, 1);

    private static CampaignAnswer Show(CampaignRow row, CampaignCounters counters, LaneHold? hold = null) =>
        CampaignAnswer.Of(row, new CampaignText("Marzo", "ventas", "Hola {nombre_cliente}"), counters, hold, Now);
}
