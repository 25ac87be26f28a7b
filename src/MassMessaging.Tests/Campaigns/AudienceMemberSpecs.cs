using MassMessaging.Campaigns;

namespace MassMessaging.Tests.Campaigns;

public sealed class AudienceMemberSpecs
{
    private static readonly Guid CampaignId = Guid.CreateVersion7();
    private static readonly MessageQueued Queued = new(CampaignId, Guid.CreateVersion7());
    private static readonly MessageAttempted Attempted = new(CampaignId, Guid.CreateVersion7(), Facts.Noon);
    private static readonly MessageSent Sent = new(CampaignId, Queued.ClientId, Facts.Noon, MemberStatus.Sending);

    [Fact]
    public void Nobody_is_missing_until_queued() => Assert.Equal(MemberStatus.Missing, AudienceMember.Initial.Status);

    [Fact]
    public void A_queued_member_waits_and_names_campaign_and_client()
    {
        var member = Fold(Queued);

        Assert.Equal((MemberStatus.Pending, CampaignId, Queued.ClientId), (member.Status, member.CampaignId, member.ClientId));
    }

    [Fact]
    public void A_released_member_waits_again() =>
        Assert.Equal(MemberStatus.Pending, Fold(Queued, Attempted, new MessageReleased(CampaignId, "permit-expired")).Status);

    [Fact]
    public void An_attempted_member_is_sending_its_latest_message()
    {
        var again = new MessageAttempted(CampaignId, Guid.CreateVersion7(), Facts.Noon);

        var member = Fold(Queued, Attempted, new MessageReleased(CampaignId, "throttled"), again);

        Assert.Equal((MemberStatus.Sending, again.MessageId), (member.Status, member.MessageId));
    }

    [Fact]
    public void A_member_without_an_outcome_is_in_doubt() =>
        Assert.Equal(MemberStatus.InDoubt, Fold(Queued, Attempted, new MessageInDoubt(CampaignId, "timeout")).Status);

    [Fact]
    public void A_refused_member_was_not_sent_to()
    {
        var member = Fold(Queued, Attempted, new MessageFailed(CampaignId, "not-on-whatsapp", Facts.Noon, MemberStatus.Sending));

        Assert.Equal((MemberStatus.Failed, false), (member.Status, member.WasSentTo));
    }

    [Fact]
    public void A_member_failed_by_receipt_was_sent_to()
    {
        var member = Fold(Queued, Attempted, Sent, new MessageFailed(CampaignId, "gateway-error", Facts.Noon, MemberStatus.Sent));

        Assert.Equal((MemberStatus.Failed, true), (member.Status, member.WasSentTo));
    }

    [Fact]
    public void A_new_attempt_forgets_that_an_earlier_one_was_sent() =>
        Assert.False(Fold(Queued, Attempted, Sent, Attempted).WasSentTo);

    [Fact]
    public void Receipts_make_a_member_delivered_and_read()
    {
        var delivered = Fold(Queued, Attempted, Sent, new MessageDelivered(CampaignId, Facts.Noon, MemberStatus.Sent));
        var read = AudienceMember.Evolve(delivered, new MessageRead(CampaignId, Facts.Noon, MemberStatus.Delivered));

        Assert.Equal((MemberStatus.Delivered, MemberStatus.Read), (delivered.Status, read.Status));
    }

    private static AudienceMember Fold(params object[] facts) => new Given<AudienceMember>(facts).State;
}
