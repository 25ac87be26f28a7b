using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// Members that were attempted and whose holder is gone: whether their message was sent is not known, and it is never resent blindly.
/// Waits out the longest time in which the holder could still bring the outcome.
/// </summary>
public sealed class DoubtSweep(IStore store, GatewayCalls calls, SendingOptions options)
{
    private const string Abandoned = """
        select profile_id, id from campaign_audience
        where status = 'sending' and attempted_at < @before and whatsapp_message_id <> all (@held)
        order by attempted_at limit 500
        """;

    // Whoever settles a member asks before its own commit, so two at once may each leave it to the other.
    private const string Finished = """
        select c.profile_id, c.id from campaign c
        where c.status = 'sending' and c.is_planned
          and not exists (select 1 from campaign_audience a where a.profile_id = c.profile_id and a.campaign_id = c.id and a.status = 'pending')
          and not exists (select 1 from campaign_audience a where a.profile_id = c.profile_id and a.campaign_id = c.id and a.status = 'sending')
        """;

    private const string DropParked = "delete from gateway_message where member_id is null and created_at < @before";

    private static readonly TimeSpan ParkedFor = TimeSpan.FromDays(7);

    /// <summary>Answers how many members went in doubt.</summary>
    public async Task<int> RunOnce(CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        var abandoned = await session.Query(
            Abandoned, row => new StreamKey(row.GetGuid(0), row.GetGuid(1)), ct, ("before", session.Now - options.HolderGone),
            ("held", calls.Held())); // a holder that lives brings its outcome, however long the database was away
        if (abandoned.Count == 0) return 0;

        var members = await MemberChanges.Load(session, abandoned, ct);
        foreach (var key in abandoned)
            members.Apply(key, member => member.Status == MemberStatus.Sending
                ? Decision.Accept(new MessageInDoubt(member.CampaignId, "no-outcome", member.Variant, member.Label, member.SlotAt))
                : Decision.Nothing);
        members.Append(session);
        await SettleCampaigns.Ask(session, members.Campaigns, ct);
        await session.Commit(ct);
        return abandoned.Count;
    }

    /// <summary>Campaigns that are over and that nobody has said so of.</summary>
    public async Task SettleFinished(CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        foreach (var campaign in await session.Query(Finished, row => new StreamKey(row.GetGuid(0), row.GetGuid(1)), ct))
            session.Send(new SettleCampaign(campaign.Profile, campaign.Id), campaign.Id.ToString());
        await session.Commit(ct);
    }

    /// <summary>Receipts of messages that nobody here sent, and what else is kept for a time only.</summary>
    public async Task DropOldReceipts(CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        await session.Sql(DropParked, ct, ("before", session.Now - ParkedFor));
        await MetaPairs.DropOld(session, ct);
        await ReplyLane.DropOld(session, ct);
        await ResetScans.DropOld(session, ct);
        await LaneTexts.DropOld(session, ct);
        await session.Commit(ct);
    }
}
