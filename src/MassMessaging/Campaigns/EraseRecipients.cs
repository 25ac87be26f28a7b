using MassMessaging.Campaigns.Sending;
using MassMessaging.Clients;

namespace MassMessaging.Campaigns;

/// <summary>
/// A client was erased: campaigns that have not written to it leave it out, and its name, phone, replies and the gateway's words about it
/// go. The log and the counters stay: they name it by id only.
/// </summary>
public sealed class EraseRecipients : IErasureSubscriber
{
    private const string Delete = """
        with members as (select profile_id, id from campaign_audience where profile_id = @profile and client_id = any (@clients)),
        notes as (
            delete from member_resolution n using members m where n.profile_id = m.profile_id and n.member_id = m.id)
        delete from campaign_recipient r using members m where r.profile_id = m.profile_id and r.member_id = m.id
        """;

    private const string Forget = "delete from client_identified where profile_id = @profile and client_id = any (@clients)";

    private const string DeleteReplies = """
        with aliases as (delete from whatsapp_alias where profile_id = @profile and client_id = any (@clients)),
        words as (delete from consent_word where profile_id = @profile and client_id = any (@clients))
        delete from campaign_reply where profile_id = @profile and client_id = any (@clients)
        """;

    public async Task Erase(Guid profile, IReadOnlyList<Guid> clients, ISession session, CancellationToken ct)
    {
        await ReplyLane.Erase(session, profile, clients, ct);
        await session.Sql(Forget, ct, ("profile", profile), ("clients", clients.ToArray()));
        await LeaveOut.Waiting(session, profile, clients, "erased", ct);
        await session.Sql(Delete, ct, ("profile", profile), ("clients", clients.ToArray()));
        await MetaPairs.Erase(session, profile, clients, ct);
        await session.Sql(DeleteReplies, ct, ("profile", profile), ("clients", clients.ToArray()));
    }
}
