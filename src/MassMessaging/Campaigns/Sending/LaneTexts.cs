using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Campaigns.Sending;

/// <summary>Counts a lane's messages of the day by text, in the tick's own transaction; only for lanes with the guard on.</summary>
public static class LaneTexts
{
    private const string Contents = """
        select f.campaign_id, f.message_content, f.variants
        from unnest(@profiles::uuid[], @campaigns::uuid[]) as k (profile_id, campaign_id)
        join campaign_frozen f on f.profile_id = k.profile_id and f.campaign_id = k.campaign_id
        """;

    private const string Today = """
        select t.profile_id, encode(t.fingerprint, 'hex'), t.granted
        from unnest(@profiles::uuid[], @days::date[]) as k (profile_id, day)
        join lane_text t on t.profile_id = k.profile_id and t.day = k.day
        """;

    private const string Add = """
        insert into lane_text as t (profile_id, day, fingerprint, granted)
        select profile_id, day, decode(fingerprint, 'hex'), granted
        from unnest(@profiles::uuid[], @days::date[], @fingerprints::text[], @granted::int[]) as k (profile_id, day, fingerprint, granted)
        order by profile_id, day, fingerprint
        on conflict (profile_id, day, fingerprint) do update set granted = t.granted + excluded.granted
        """;

    private const string Drop = "delete from lane_text where day < @before";

    public static async Task<IReadOnlyDictionary<Guid, TextShares>> Of(
        ISession session, IReadOnlyList<(Guid Profile, PacingPolicies Policies, string TimeZone)> lanes,
        IReadOnlyList<(Guid Profile, Guid Campaign)> campaigns, CancellationToken ct)
    {
        var guarded = lanes.Where(lane => lane.Policies.SimilarText is not null).ToDictionary(lane => lane.Profile);
        if (guarded.Count == 0) return new Dictionary<Guid, TextShares>();

        var asked = campaigns.Where(campaign => guarded.ContainsKey(campaign.Profile)).ToList();
        var prints = (await session.Query(
            Contents, row => Prints(row.GetGuid(0), row.GetString(1), Variants.FromJson(row.TextOrNull("variants"))), ct,
            ("profiles", asked.ConvertAll(campaign => campaign.Profile).ToArray()),
            ("campaigns", asked.ConvertAll(campaign => campaign.Campaign).ToArray())))
            .SelectMany(texts => texts).ToDictionary(text => text.Key, text => text.Value);
        var today = (await session.Query(
            Today, row => (Profile: row.GetGuid(0), Print: row.GetString(1), Granted: row.GetInt32(2)), ct,
            ("profiles", guarded.Keys.ToArray()), ("days", guarded.Values.Select(lane => Day(lane.TimeZone, session.Now)).ToArray())))
            .ToLookup(one => one.Profile);
        return guarded.ToDictionary(lane => lane.Key, lane => new TextShares(
            lane.Value.Policies.SimilarText!, DailyLimit.NextDay(session.Now, ClientZones.Find(lane.Value.TimeZone)), prints,
            today[lane.Key].ToDictionary(one => one.Print, one => one.Granted, StringComparer.Ordinal)));
    }

    /// <summary>What was really granted.</summary>
    public static async Task Count(
        ISession session, IEnumerable<DueLane> lanes, IReadOnlyDictionary<Guid, TextShares> texts, IReadOnlyList<Permit> permits,
        CancellationToken ct)
    {
        if (texts.Count == 0) return;
        var days = lanes.Where(lane => texts.ContainsKey(lane.ProfileId)).ToDictionary(lane => lane.ProfileId, lane => Day(lane.TimeZone, session.Now));
        var counts = permits.Where(permit => days.ContainsKey(permit.Member.Profile))
            .GroupBy(permit => (permit.Member.Profile, Print: texts[permit.Member.Profile].PrintOf(new(permit.CampaignId, permit.Variant))))
            .Where(count => count.Key.Print is not null).ToList();
        if (counts.Count == 0) return;
        await session.Sql(
            Add, ct, ("profiles", counts.ConvertAll(count => count.Key.Profile).ToArray()),
            ("days", counts.ConvertAll(count => days[count.Key.Profile]).ToArray()),
            ("fingerprints", counts.ConvertAll(count => count.Key.Print).ToArray()), ("granted", counts.ConvertAll(count => count.Count()).ToArray()));
    }

    public static Task DropOld(ISession session, CancellationToken ct) =>
        session.Sql(Drop, ct, ("before", DateOnly.FromDateTime(session.Now.UtcDateTime).AddDays(-2)));

    private static DateOnly Day(string timeZone, DateTimeOffset now) => LocalTime.DayOf(now, ClientZones.Find(timeZone));

    private static IEnumerable<KeyValuePair<TextOf, string>> Prints(Guid campaign, string content, IReadOnlyList<Variant>? variants) =>
        variants is null
            ? [new(new(campaign, null), TextShares.Fingerprint(content))]
            : variants.Select((variant, place) => KeyValuePair.Create(
                new TextOf(campaign, Variants.Key(place)), TextShares.Fingerprint(variant.MessageContent)));
}
