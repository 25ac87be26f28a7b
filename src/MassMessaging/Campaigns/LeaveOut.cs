using MassMessaging.Campaigns.Sending;
using MassMessaging.Clients.Consent;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary>
/// Running campaigns leave clients out who still wait for their message. Who is being written to right now is not waiting.
/// </summary>
public static class LeaveOut
{
    public const string OptedOut = "opted-out";

    private const string Select = """
        select id, campaign_id from campaign_audience where profile_id = @profile and client_id = any (@clients) and status = 'pending'
        """;

    public static async Task Waiting(ISession session, Guid profile, IReadOnlyList<Guid> clients, string reason, CancellationToken ct)
    {
        var waiting = await session.Query(
            Select, row => (Key: new StreamKey(profile, row.GetGuid(0)), Campaign: row.GetGuid(1)), ct,
            ("profile", profile), ("clients", clients.ToArray()));
        if (waiting.Count == 0) return;

        var changes = await MemberChanges.Load(session, waiting.Select(member => member.Key), ct);
        foreach (var (key, _) in waiting)
            changes.Apply(key, state => state.Status == MemberStatus.Pending
                ? Decision.Accept(new MessageSkipped(state.CampaignId, reason, state.Variant, state.Label))
                : Decision.Nothing);
        changes.Append(session);

        // Asked for in any case: two who skip the last two at once see each other's still waiting.
        foreach (var campaign in waiting.Select(member => member.Campaign).Distinct())
            session.Send(new SettleCampaign(profile, campaign), campaign.ToString());
    }
}

/// <summary>A client opted out: at once where nothing is under way, and in any case at the tick whose turn it would be.</summary>
public sealed class SkipOptedOut : IOptOutSubscriber
{
    public Task OptedOut(Guid profile, IReadOnlyList<Guid> clients, ISession session, CancellationToken ct) =>
        LeaveOut.Waiting(session, profile, clients, LeaveOut.OptedOut, ct);
}
