using MassMessaging.Campaigns.Sending;
using MassMessaging.Clients;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary>
/// A client was erased: campaigns that have not written to it leave it out, and its name, phone and the gateway's words about it go. The
/// log and the counters stay: they name it by id only.
/// </summary>
public sealed class EraseRecipients : IErasureSubscriber
{
    private const string Select = """
        select id, campaign_id, status = 'pending' from campaign_audience where profile_id = @profile and client_id = any (@clients)
        """;

    private const string Delete = "delete from campaign_recipient where profile_id = @profile and member_id = any (@members)";

    public async Task Erase(Guid profile, IReadOnlyList<Guid> clients, ISession session, CancellationToken ct)
    {
        var members = await session.Query(
            Select, row => (Id: row.GetGuid(0), Campaign: row.GetGuid(1), IsPending: row.GetBoolean(2)), ct,
            ("profile", profile), ("clients", clients.ToArray()));
        if (members.Count == 0) return;

        var waiting = members.FindAll(member => member.IsPending);
        var changes = await MemberChanges.Load(session, waiting.Select(member => new StreamKey(profile, member.Id)), ct);
        foreach (var member in waiting)
            changes.Apply(new StreamKey(profile, member.Id), state => state.Status == MemberStatus.Pending
                ? Decision.Accept(new MessageSkipped(state.CampaignId, "erased", state.Variant))
                : Decision.Nothing);
        changes.Append(session);
        await session.Sql(Delete, ct, ("profile", profile), ("members", members.ConvertAll(member => member.Id).ToArray()));

        // Asked for in any case: two who skip the last two at once see each other's still waiting.
        foreach (var campaign in waiting.Select(member => member.Campaign).Distinct())
            session.Send(new SettleCampaign(profile, campaign), campaign.ToString());
    }
}
