using MassMessaging.Campaigns.Sending;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Retrying;

/// <summary>
/// Durable work of a retry: queues the next chunk of those who failed, behind the member named by <paramref name="After"/>.
/// </summary>
/// <param name="Requeued">So far.</param>
public sealed record RequeueFailed(Guid ProfileId, Guid CampaignId, Guid? After, long Requeued);

/// <summary>Chunk and successor commit together, so a retry goes on where it stopped. An empty chunk is the end of it.</summary>
public sealed class RequeueFailedHandler : IHandle<RequeueFailed>
{
    /// <summary>Small, so that the first message leaves while the rest is queued.</summary>
    private const int FirstChunk = 200;
    private const int Chunk = 4000;

    public async Task Handle(IReadOnlyList<RequeueFailed> messages, ISession session, CancellationToken ct)
    {
        foreach (var message in messages) await Requeue(message, session, ct);
    }

    /// <summary>A failed member waits again. A person's other ways to have one tried again come here too.</summary>
    public static Decision Decide(AudienceMember member) => member.Status switch
    {
        MemberStatus.Failed or MemberStatus.InDoubt =>
            Decision.Accept(new MessageRequeued(member.CampaignId, member.Status, member.Variant, member.Label, member.SlotAt, member.FailedFor)),
        _ => Decision.Nothing,
    };

    private static async Task Requeue(RequeueFailed message, ISession session, CancellationToken ct)
    {
        var campaign = await session.FetchForWriting<Campaign>(new StreamKey(message.ProfileId, message.CampaignId), ct);
        if (campaign.State.Status == CampaignStatus.Cancelled) Settle(message, session); // the chunk before may have been queued behind it
        if (campaign.State is not { Status: CampaignStatus.Sending or CampaignStatus.Paused, IsPlanned: false }) return;

        var failed = await FailedMembers.Page(
            session, campaign.Key, message.After, message.After is null ? FirstChunk : Chunk, ct);
        if (failed.Count == 0)
        {
            session.Append(campaign.Key, campaign.Version, new RetryPlanned(message.Requeued));
            Settle(message, session);
            return;
        }

        var members = await MemberChanges.Load(session, failed, ct);
        // A receipt may have raised one since it was read.
        foreach (var key in failed) members.Apply(key, member => member.Status == MemberStatus.Failed ? Decide(member) : Decision.Nothing);
        members.Append(session);
        await FailedMembers.ForgetErrors(session, message.ProfileId, members.Changed, ct);
        session.Send(message with { After = failed[^1].Id, Requeued = message.Requeued + members.Changed.Count() });
    }

    private static void Settle(RequeueFailed message, ISession session) =>
        session.Send(new SettleCampaign(message.ProfileId, message.CampaignId), message.CampaignId.ToString());
}
