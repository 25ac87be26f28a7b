using MassMessaging.Templates;
using MassMessaging.WhatsApp.Cloud;

namespace MassMessaging.Campaigns.Sending;

/// <param name="OpenSince">Whoever wrote later than that may be sent a text.</param>
public sealed record MetaWindow(string Instance, DateTimeOffset OpenSince);

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

    /// <summary>Between two messages to one person.</summary>
    public static readonly TimeSpan PairSpacing = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Of campaign <c>c</c> and its profile's configuration <c>w</c>: when the first of those who wait may go, if the pair limit holds all of
    /// them; else null. Beyond fifty it is not asked: so many are not held at once for longer than a moment.
    /// </summary>
    public const string AllHeld = """
        select case when count(*) between 1 and 50 and count(*) = count(u.until) then min(u.until) end as until
        from (
            select greatest(p.held_until, o.at) as until
            from (
                select a.id, a.client_id from campaign_audience a
                where c.status = 'sending' and w.instance like 'cloud:%'
                  and a.profile_id = c.profile_id and a.campaign_id = c.id and a.status = 'pending'
                order by a.id limit 51) m
            left join campaign_recipient r on r.profile_id = c.profile_id and r.member_id = m.id
            left join whatsapp_pair p
                on p.profile_id = c.profile_id and p.instance = w.instance and p.phone = r.phone and p.held_until > @now
            left join lateral (
                select max(a.attempted_at) + interval '6 seconds' as at from campaign_audience a
                where a.profile_id = c.profile_id and a.client_id = m.client_id and a.id <> m.id
                  and a.attempted_at > @now - interval '6 seconds') o on true) u
        """;

    private const string Held = """
        select m.member_id, greatest(p.held_until, o.at)
        from unnest(@members::uuid[], @clients::uuid[], @phones::text[]) as m (member_id, client_id, phone)
        left join whatsapp_pair p on p.profile_id = @profile and p.instance = @instance and p.phone = m.phone and p.held_until > @now
        left join lateral (
            select max(a.attempted_at) + @spacing as at from campaign_audience a
            where a.profile_id = @profile and a.client_id = m.client_id and a.id <> m.member_id and a.attempted_at > @now - @spacing) o on true
        where p.held_until is not null or o.at is not null
        """;

    private const string Window24 = """
        select coalesce(p.opened_at > @open_since, false) from whatsapp_config w
        left join whatsapp_pair p on p.profile_id = w.profile_id and p.instance = w.instance and p.phone = @phone
        where w.profile_id = @profile and w.instance like 'cloud:%'
        """;

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

    /// <summary>Who is outside it at that time is left out of a campaign without a template; null where nobody is.</summary>
    public static MetaWindow? WindowOf(string? instance, MetaTemplate? template, DateTimeOffset at) =>
        instance is not null && CloudInstance.Is(instance) && template is null ? new(instance, at - Window) : null;

    /// <summary>Whether a text may go to that phone now; null: the profile's number is not at Meta.</summary>
    public static async Task<bool?> IsOpen(ISession session, Guid profile, string phone, CancellationToken ct) =>
        await session.Query(
            Window24, row => row.GetBoolean(0), ct, ("profile", profile), ("phone", phone), ("open_since", session.Now - Window)) is [var isOpen]
            ? isOpen : null;

    /// <summary>Until when the pair limit holds these members; those it does not hold are missing.</summary>
    public static async Task<IReadOnlyDictionary<Guid, DateTimeOffset>> HeldPairs(
        ISession session, Guid profile, string instance, IReadOnlyList<(Guid Member, Guid Client, string Phone)> members, CancellationToken ct) =>
        (await session.Query(
            Held, row => (Member: row.GetGuid(0), Until: row.GetFieldValue<DateTimeOffset>(1)), ct,
            ("now", session.Now), ("spacing", PairSpacing), ("profile", profile), ("instance", instance),
            ("members", members.Select(member => member.Member).ToArray()), ("clients", members.Select(member => member.Client).ToArray()),
            ("phones", members.Select(member => member.Phone).ToArray()))).ToDictionary(row => row.Member, row => row.Until);

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
