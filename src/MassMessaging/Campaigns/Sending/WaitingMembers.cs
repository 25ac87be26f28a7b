using System.Data.Common;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Sending;

/// <summary>Name and phone as the launch froze them.</summary>
public sealed record Recipient(string Name, string Phone);

/// <summary>A member whose turn it is.</summary>
/// <param name="Recipient">Null when the client was erased while the member was being attempted.</param>
/// <param name="IsWindowClosed">At Meta, and the campaign has no template: see <see cref="MetaRules"/>.</param>
/// <param name="AsTemplate">The message goes as the campaign's template.</param>
public sealed record WaitingMember(
    Guid ProfileId, Guid CampaignId, Guid MemberId, Guid ClientId, long Version, string? Variant, Recipient? Recipient, bool IsOptedOut = false,
    bool IsWindowClosed = false, bool AsTemplate = false, string? Label = null)
{
    /// <summary>Why this member is left out now that its turn has come; null when it is not.</summary>
    public string? LeftOut => Recipient is null ? "erased" : IsOptedOut ? LeaveOut.OptedOut : IsWindowClosed ? MetaRules.WindowClosed : null;

    public StreamKey Key => new(ProfileId, MemberId);

    /// <summary>The member as far as a first attempt and its outcome ask.</summary>
    public AudienceMember Queued => AudienceMember.Evolve(AudienceMember.Initial, new MessageQueued(CampaignId, ClientId, Variant, Label));
}

public static class WaitingMembers
{
    // Campaigns of a lane take turns: each one's first member before any one's second, starting behind the campaign served last.
    // A statement of its own, after the lanes are locked: its snapshot sees every pause that the lock waited for. Whoever opted out or was
    // erased since the launch is seen here at the last moment, by two look-ups of a primary key a message: offset 0 keeps them that, and
    // what is asked of a campaign to once a campaign.
    private const string Pick = """
        select lane.profile_id, next.campaign_id, next.id, next.client_id, next.version, next.variant, r.name, r.phone,
               client.opted_out_at is not null as is_opted_out, next.label
        from unnest(@profiles::uuid[], @counts::int[], @turns::uuid[]) as lane (profile_id, most, turn)
        cross join lateral (
            select c.id as campaign_id, m.id, m.client_id, m.version, m.variant, m.label, m.place
            from (
                select id from campaign where profile_id = lane.profile_id and status = 'sending'
                  and not exists (select 1 from campaign_canary k where k.profile_id = lane.profile_id and k.campaign_id = campaign.id
                                  and k.passed_at is null and k.granted >= k.first)
                  and not exists (select 1 from campaign_restore k where k.profile_id = lane.profile_id and k.campaign_id = campaign.id
                                  and k.checked_at is null)
                offset 0) c
            cross join lateral (
                select a.id, a.client_id, a.version, a.variant, a.label, row_number() over (order by a.id) as place
                from (select id, client_id, version, variant, label from campaign_audience
                      where profile_id = lane.profile_id and campaign_id = c.id and status = 'pending'
                      order by id limit lane.most) a) m
            order by m.place, coalesce(c.id <= lane.turn, false), c.id
            limit lane.most) next
        left join lateral (
            select name, phone from campaign_recipient own where own.profile_id = lane.profile_id and own.member_id = next.id offset 0) r on true
        left join lateral (
            select opted_out_at from client own where own.profile_id = lane.profile_id and own.id = next.client_id offset 0) client on true
        order by lane.profile_id, next.place, coalesce(next.campaign_id <= lane.turn, false), next.campaign_id
        """;

    /// <param name="room">The locked lanes, each with the most members it can take now.</param>
    public static async Task<ILookup<Guid, WaitingMember>> Next(
        ISession session, IReadOnlyCollection<(DueLane Lane, int Most)> room, CancellationToken ct)
    {
        var members = await session.Query(
            Pick, Read, ct,
            ("profiles", room.Select(entry => entry.Lane.ProfileId).ToArray()),
            ("counts", room.Select(entry => entry.Most).ToArray()),
            ("turns", room.Select(entry => entry.Lane.Turn).ToArray()));
        return members.ToLookup(member => member.ProfileId);
    }

    /// <summary>Profile, campaign, member, client, version, variant, name, phone, whether the client opted out, and label.</summary>
    internal static WaitingMember Read(DbDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetGuid(3), row.GetInt64(4), row.IsDBNull(5) ? null : row.GetString(5),
        row.IsDBNull(6) ? null : new Recipient(row.GetString(6), row.GetString(7)), row.GetBoolean(8),
        Label: row.IsDBNull(9) ? null : row.GetString(9));
}
