using MassMessaging.Campaigns.Sending;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns;

/// <summary>
/// Says of the rows that are shown what holds each and until when. A hold is kept nowhere: it is worked out when somebody asks, by the
/// same rules as a tick's, from a statement a rule whatever the size of the page.
/// </summary>
internal static class MemberHolds
{
    private const string Ruled = """
        select p.policies::text, f.time_zone
        from campaign c
        join whatsapp_pacing p on p.profile_id = c.profile_id
        join profile f on f.id = c.profile_id
        where c.profile_id = @profile and c.id = @campaign and c.status = 'sending'
        """;

    private const string WroteLately = """
        select member_id from reply_lane where profile_id = @profile and member_id = any (@members) and until > @now
        """;

    public static async Task<List<AudienceEntry>> Of(IStore store, StreamKey campaign, List<AudienceEntry> page, CancellationToken ct)
    {
        var waiting = page.FindAll(Waits);
        if (waiting.Count == 0) return page;

        await using var session = store.Open(Origin.System);
        var ruled = await session.Query(
            Ruled, row => (Policies: PacingPolicies.FromJson(row.GetString(0)), TimeZone: row.GetString(1)), ct,
            ("profile", campaign.Profile), ("campaign", campaign.Id));
        if (ruled is not [var (policies, zone)] || !MemberRules.AreIn(policies)) return page;

        var rules = new MemberRules(
            policies, zone, session.Now, session.Now,
            await RecentMessages.Of(session, waiting.Select(entry => (campaign.Profile, entry.Member.ClientId, policies)), ct),
            (await LaneTexts.Of(session, [(campaign.Profile, policies, zone)], [(campaign.Profile, campaign.Id)], ct)).GetValueOrDefault(campaign.Profile));
        var wrote = policies.ReplyLane
            ? (await session.Query(
                WroteLately, row => row.GetGuid(0), ct, ("profile", campaign.Profile), ("now", session.Now),
                ("members", waiting.ConvertAll(entry => entry.Member.Id).ToArray()))).ToHashSet()
            : [];
        return page.ConvertAll(entry => Waits(entry) && Hold(rules, entry, wrote) is { } hold
            ? entry with { Member = entry.Member with { HeldBy = hold.By, NextAttemptAt = hold.Until } }
            : entry);
    }

    /// <summary>And nothing holds the whole lane.</summary>
    private static bool Waits(AudienceEntry entry) => entry.Member is { Status: MemberStatus.Pending, HeldBy: null };

    private static MemberHold? Hold(MemberRules rules, AudienceEntry entry, HashSet<Guid> wrote) => rules.Hold(
        entry.Member.ClientId, entry.Phone ?? "", new(entry.Member.CampaignId, entry.Variant), wrote.Contains(entry.Member.Id));
}
