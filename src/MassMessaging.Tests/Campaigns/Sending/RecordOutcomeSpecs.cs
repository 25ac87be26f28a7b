using MassMessaging.Campaigns;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Tests.Campaigns.Sending;

public sealed class RecordOutcomeSpecs
{
    private static readonly Guid Campaign = Guid.NewGuid();
    private static readonly Guid Client = Guid.NewGuid();
    private static readonly Guid Attempt = Guid.NewGuid();
    private static readonly DateTimeOffset At = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static readonly object[] Sending = [new MessageQueued(Campaign, Client), new MessageAttempted(Campaign, Attempt, At)];
    private static readonly object[] InDoubt = [.. Sending, new MessageInDoubt(Campaign, "no-outcome")];

    [Fact]
    public void An_accepted_message_is_sent() =>
        Assert.Equal([new MessageSent(Campaign, Client, At, MemberStatus.Sending, SlotAt: At)], After(Sending, new SendOutcome.Accepted("3EB0")));

    [Fact]
    public void A_late_outcome_settles_a_doubt() =>
        Assert.Equal([new MessageSent(Campaign, Client, At, MemberStatus.InDoubt, SlotAt: At)], After(InDoubt, new SendOutcome.Accepted("3EB0")));

    [Fact]
    public void A_refusal_is_final() =>
        Assert.Equal(
            [new MessageFailed(Campaign, "not-on-whatsapp", At, MemberStatus.Sending, SlotAt: At)], After(Sending, new SendOutcome.Refused("not-on-whatsapp", "…")));

    [Fact]
    public void What_may_have_been_sent_is_in_doubt() =>
        Assert.Equal([new MessageInDoubt(Campaign, "timeout", SlotAt: At)], After(Sending, new SendOutcome.Unknown("timeout")));

    [Fact]
    public void What_was_surely_not_sent_waits_again()
    {
        Assert.Equal([new MessageReleased(Campaign, "throttled", SlotAt: At)], After(Sending, new SendOutcome.Throttled(null)));
        Assert.Equal([new MessageReleased(Campaign, "connection-closed", SlotAt: At)], After(Sending, new SendOutcome.InstanceDown("connection-closed")));
        Assert.Equal([new MessageReleased(Campaign, "instance-missing", SlotAt: At)], After(Sending, new SendOutcome.InstanceGone("instance-missing")));
        Assert.Equal([new MessageReleased(Campaign, "permit-expired", SlotAt: At)], After(Sending, new SendOutcome.NotWritten("permit-expired")));
    }

    [Fact]
    public void A_doubt_that_turns_out_not_sent_has_failed_since_its_campaign_may_be_over() =>
        Assert.Equal(
            [new MessageFailed(Campaign, "not-sent", At, MemberStatus.InDoubt, SlotAt: At)], After(InDoubt, new SendOutcome.NotWritten("permit-expired")));

    [Fact]
    public void An_outcome_written_twice_changes_nothing() =>
        Assert.Empty(After([.. Sending, new MessageSent(Campaign, Client, At, MemberStatus.Sending)], new SendOutcome.Accepted("3EB0")));

    [Fact]
    public void An_outcome_of_an_earlier_attempt_changes_nothing() =>
        Assert.Empty(After([.. Sending, new MessageReleased(Campaign, "throttled"), new MessageAttempted(Campaign, Guid.NewGuid(), At)], new SendOutcome.Accepted("3EB0")));

    private static IReadOnlyList<object> After(object[] history, SendOutcome outcome) =>
        ((Decision.Accepted)RecordOutcome.Decide(history.Aggregate(AudienceMember.Initial, AudienceMember.Evolve), Attempt, outcome, At)).Events;
}
