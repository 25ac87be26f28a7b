using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// Members that were attempted and whose holder is gone: whether their message was sent is not known, and it is never resent blindly.
/// Waits out the longest time in which the holder could still bring the outcome.
/// </summary>
public sealed class DoubtSweep(IStore store, SendingOptions options)
{
    private const string Abandoned = """
        select profile_id, id from campaign_audience where status = 'sending' and attempted_at < @before order by attempted_at limit 500
        """;

    private const string DropParked = "delete from gateway_message where member_id is null and created_at < @before";

    private static readonly TimeSpan ParkedFor = TimeSpan.FromDays(7);

    /// <summary>Answers how many members went in doubt.</summary>
    public async Task<int> RunOnce(CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        var abandoned = await session.Query(
            Abandoned, row => new StreamKey(row.GetGuid(0), row.GetGuid(1)), ct, ("before", session.Now - options.HolderGone));
        if (abandoned.Count == 0) return 0;

        var members = await MemberChanges.Load(session, abandoned, ct);
        foreach (var key in abandoned)
            members.Apply(key, member => member.Status == MemberStatus.Sending
                ? Decision.Accept(new MessageInDoubt(member.CampaignId, "no-outcome"))
                : Decision.Nothing);
        members.Append(session);
        await SettleCampaigns.Ask(session, members.Campaigns, ct);
        await session.Commit(ct);
        return abandoned.Count;
    }

    /// <summary>Receipts of messages that nobody here sent.</summary>
    public async Task DropOldReceipts(CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        await session.Sql(DropParked, ct, ("before", session.Now - ParkedFor));
        await session.Commit(ct);
    }
}
