using MassMessaging.Campaigns.Sending;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Cloud;

namespace MassMessaging.Campaigns;

/// <summary>
/// Says of the rows that are shown what holds each and until when. A hold is kept nowhere: it is worked out when somebody asks, by the
/// same rules as a tick's, from a statement a rule whatever the size of the page.
/// </summary>
internal static class MemberHolds
{
    private const string Ruled = """
        select p.policies::text, f.time_zone, w.instance
        from campaign c
        join profile f on f.id = c.profile_id
        left join whatsapp_pacing p on p.profile_id = c.profile_id
        left join whatsapp_config w on w.profile_id = c.profile_id
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
            Ruled,
            row => (
                Policies: row.IsDBNull(0) ? null : PacingPolicies.FromJson(row.GetString(0)), TimeZone: row.GetString(1),
                Instance: row.IsDBNull(2) ? null : row.GetString(2)),
            ct, ("profile", campaign.Profile), ("campaign", campaign.Id));
        if (ruled is not [var (policies, zone, instance)]) return page;

        var byRule = policies is not null && MemberRules.AreIn(policies) ? await ByRule(session, campaign, policies, zone, waiting, ct) : _ => null;
        var pairs = instance is not null && CloudInstance.Is(instance)
            ? await MetaRules.HeldPairs(
                session, campaign.Profile, instance, waiting.ConvertAll(entry => (entry.Member.Id, entry.Member.ClientId, entry.Phone ?? "")), ct)
            : new Dictionary<Guid, DateTimeOffset>();
        return page.ConvertAll(entry => Waits(entry) && MemberHold.Longest(byRule(entry), ByPair(pairs, entry)) is { } hold
            ? entry with { Member = entry.Member with { HeldBy = hold.By, NextAttemptAt = hold.Until } }
            : entry);
    }

    private static async Task<Func<AudienceEntry, MemberHold?>> ByRule(
        ISession session, StreamKey campaign, PacingPolicies policies, string zone, List<AudienceEntry> waiting, CancellationToken ct)
    {
        var rules = new MemberRules(
            policies, zone, session.Now, session.Now,
            await RecentMessages.Of(session, waiting.Select(entry => (campaign.Profile, entry.Member.ClientId, policies)), ct),
            (await LaneTexts.Of(session, [(campaign.Profile, policies, zone)], [(campaign.Profile, campaign.Id)], ct)).GetValueOrDefault(campaign.Profile));
        var wrote = policies.ReplyLane
            ? (await session.Query(
                WroteLately, row => row.GetGuid(0), ct, ("profile", campaign.Profile), ("now", session.Now),
                ("members", waiting.ConvertAll(entry => entry.Member.Id).ToArray()))).ToHashSet()
            : [];
        return entry => rules.Hold(
            entry.Member.ClientId, entry.Phone ?? "", new(entry.Member.CampaignId, entry.Variant), wrote.Contains(entry.Member.Id));
    }

    /// <summary>And nothing holds the whole lane.</summary>
    private static bool Waits(AudienceEntry entry) => entry.Member is { Status: MemberStatus.Pending, HeldBy: null };

    private static MemberHold? ByPair(IReadOnlyDictionary<Guid, DateTimeOffset> pairs, AudienceEntry entry) =>
        pairs.TryGetValue(entry.Member.Id, out var until) ? new(MemberHold.PairLimit, until) : null;
}
