using MassMessaging.WhatsApp.Cloud;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// What Meta asks of each message, looked at when a lane of its Cloud API grants slots: a text only within 24 h of the person's last
/// message, else the campaign's template; and no two messages to one person within six seconds. Who may not go now is passed over, and
/// the lane goes on with others; who is outside the window without a template is left out.
/// </summary>
public static class MetaRules
{
    public const string WindowClosed = "window-closed";

    /// <summary>So many more are looked at than there are slots: leaving people out takes no slot, and must not take a tick each.</summary>
    public const int LookAhead = 100;

    // Half a minute less than Meta's: what is on its way when the window closes would be refused.
    private static readonly TimeSpan Window = TimeSpan.FromHours(24) - TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PairSpacing = TimeSpan.FromSeconds(6);

    private const string Look = """
        select m.member_id, coalesce(p.opened_at > @open_since, false), coalesce(p.held_until > @now, false) or exists (
                   select 1 from campaign_audience o
                   where o.profile_id = m.profile_id and o.client_id = m.client_id and o.id <> m.member_id and o.attempted_at > @paired_since),
               t.meta_template is not null
        from unnest(@profiles::uuid[], @instances::text[], @members::uuid[], @clients::uuid[], @campaigns::uuid[], @phones::text[])
            as m (profile_id, instance, member_id, client_id, campaign_id, phone)
        left join whatsapp_pair p on p.profile_id = m.profile_id and p.instance = m.instance and p.phone = m.phone
        left join campaign c on c.profile_id = m.profile_id and c.id = m.campaign_id
        left join campaign_content t on t.profile_id = c.profile_id and t.id = c.content_id
        """;

    public static bool AreFor(DueLane lane) => lane.Instance is { } instance && CloudInstance.Is(instance);

    /// <summary>The same members but for those that must wait, each with how it goes or that it does not.</summary>
    public static async Task<ILookup<Guid, WaitingMember>> Apply(
        ISession session, IReadOnlyCollection<DueLane> lanes, ILookup<Guid, WaitingMember> waiting, CancellationToken ct)
    {
        var instances = lanes.Where(AreFor).ToDictionary(lane => lane.ProfileId, lane => lane.Instance!);
        var asked = waiting.Where(lane => instances.ContainsKey(lane.Key)).SelectMany(lane => lane).Where(member => member.LeftOut is null).ToList();
        if (asked.Count == 0) return waiting;

        var standing = (await session.Query(
            Look, row => (Member: row.GetGuid(0), Standing: new Standing(row.GetBoolean(1), row.GetBoolean(2), row.GetBoolean(3))), ct,
            ("now", session.Now), ("open_since", session.Now - Window), ("paired_since", session.Now - PairSpacing),
            ("profiles", asked.ConvertAll(member => member.ProfileId).ToArray()),
            ("instances", asked.ConvertAll(member => instances[member.ProfileId]).ToArray()),
            ("members", asked.ConvertAll(member => member.MemberId).ToArray()),
            ("clients", asked.ConvertAll(member => member.ClientId).ToArray()),
            ("campaigns", asked.ConvertAll(member => member.CampaignId).ToArray()),
            ("phones", asked.ConvertAll(member => member.Recipient!.Phone).ToArray()))).ToDictionary(row => row.Member, row => row.Standing);
        return waiting.SelectMany(lane => Allowed(lane, standing)).ToLookup(member => member.ProfileId);
    }

    private static IEnumerable<WaitingMember> Allowed(IEnumerable<WaitingMember> lane, Dictionary<Guid, Standing> standing)
    {
        var clients = new HashSet<Guid>(); // two campaigns may reach one person in one tick
        foreach (var member in lane)
        {
            if (!standing.TryGetValue(member.MemberId, out var its)) yield return member;
            else if (its is { IsOpen: false, HasTemplate: false }) yield return member with { IsWindowClosed = true };
            else if (!its.IsHeld && clients.Add(member.ClientId)) yield return member with { AsTemplate = !its.IsOpen };
        }
    }

    private sealed record Standing(bool IsOpen, bool IsHeld, bool HasTemplate);
}
