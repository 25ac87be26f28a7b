using System.Data.Common;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Templates;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Cloud;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Campaigns;

/// <summary>What a launch now would do.</summary>
/// <param name="Samples">The message as a few of the recipients would read it, each variant at least once.</param>
public sealed record CampaignPreview(
    long Included, IReadOnlyList<ExcludedCount> Excluded, IReadOnlyList<SampleText> Samples, SendEstimate Estimate,
    IReadOnlyList<TextWarning> Warnings);

/// <param name="Reason">As in <see cref="ExcludedAnswer"/>.</param>
public sealed record ExcludedCount(string Reason, long Count);

/// <param name="Variant">Name of the variant shown; who gets which is dealt out at launch.</param>
public sealed record SampleText(Guid ClientId, string Text, string? Variant);

/// <summary><c>POST /api/campaigns/{id}/preview</c>: a dry run; nothing is written or sent.</summary>
public static class PreviewCampaign
{
    private const int MostSamples = 3;

    private const string TooAlike =
        "Demasiados mensajes del día dirían casi lo mismo para el límite configurado: parte de ellos esperará. Conviene escribir variantes.";

    // Of other campaigns only what waits: each takes its turns of the lane.
    private const string SelectLane = """
        select l.ring, l.next_at, l.held_until, p.time_zone, l.day, l.granted_today,
               array(select n.pending from campaign c join campaign_counters n on n.profile_id = c.profile_id and n.id = c.id
                     where c.profile_id = p.id and c.status = 'sending' and c.id <> @campaign and n.pending > 0) as others,
               w.instance
        from profile p
        left join lane l on l.profile_id = p.id
        left join whatsapp_config w on w.profile_id = p.id
        where p.id = @profile
        """;

    private const string SelectIdentified = "select client_id from client_identified where profile_id = @profile and client_id = any(@clients)";

    public static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapPost("/{id:guid}/preview", Post)
        .Documented("previewCampaign", "Tells who would get what and when, without sending anything.").Produces<CampaignPreview>();

    private static async Task<IResult> Post(Caller caller, Guid id, IStore store, IConfiguration configuration, CancellationToken ct)
    {
        if (await CampaignQuery.One(store, caller.ProfileId, id, ct) is not { Answer: var campaign }) return Problems.NotFound();

        await using var session = store.Open(caller.Origin);
        var key = new StreamKey(caller.ProfileId, id);
        if (await CampaignContent.Audience(session, key, ct) is not { } audience) return Problems.NotFound();
        if (await CurrentText.Of(session, key, ct) is not { } text) return Problems.NotFound();

        var lane = (await session.Query(SelectLane, Lane.Read, ct, ("profile", caller.ProfileId), ("campaign", id)))[0];
        var window = MetaRules.WindowOf(lane.Instance, campaign.MetaTemplate, Start(campaign, session.Now));
        var counts = await AudienceQuery.Count(session, caller.ProfileId, audience, ct, window);
        var included = counts.Find(count => count.Excluded is null).Count;
        var pacing = await Pacing.Find(session, caller.ProfileId, ct) ?? Pacing.Default(configuration);
        var estimate = SendEstimate.Of(await Plan(session, campaign, audience, included, pacing, lane, window, ct));
        return TypedResults.Ok(new CampaignPreview(
            included,
            [.. counts.Where(count => count.Excluded is not null).Select(count => new ExcludedCount(count.Excluded!, count.Count))],
            await Samples(session, caller.ProfileId, audience, window, text, estimate.FirstSendAt ?? session.Now, ct),
            estimate,
            [.. campaign.Warnings, .. SimilarTexts(campaign, pacing.SimilarText, included)]));
    }

    /// <summary>Of a campaign alone on its day: texts that have more than the share that the pacing lets them have.</summary>
    private static IEnumerable<TextWarning> SimilarTexts(CampaignAnswer campaign, SimilarText? policy, long included)
    {
        if (policy is null || included <= policy.MinSample) return [];
        var texts = campaign.Variants?.Select(variant => (Text: variant.MessageContent, variant.Share, Source: (string?)$"variant:{variant.Name}"))
            ?? [(Text: campaign.MessageContent, Share: 100, Source: null)];
        return texts.GroupBy(text => TextShares.Fingerprint(text.Text))
            .Where(alike => alike.Sum(text => text.Share) > 100 * policy.MaxShare)
            .Select(alike => alike.First())
            .Select(text => new TextWarning(MemberHold.SimilarText, TooAlike, 0, text.Text.Length, text.Source));
    }

    private static async Task<SendPlan> Plan(
        ISession session, CampaignAnswer campaign, AudienceSpec audience, long included, Pacing pacing, Lane lane, MetaWindow? window,
        CancellationToken ct)
    {
        var profile = campaign.ProfileId;
        var rate = new LaneRate(
            pacing.Messages, TimeSpan.FromSeconds(pacing.PerSeconds), pacing.Spread, pacing.Jitter, pacing.Burst, pacing.MaxInFlight);
        if (lane.IsAtMeta) rate = rate.AtMost(CloudInstance.PerSecond);
        var zone = ClientZones.Find(lane.TimeZone);
        var (free, start) = (lane.Free(session.Now), Start(campaign, lane.Free(session.Now)));
        return new(
            rate, lane.Ring, start, lane.Before(included, new SlotForecast(rate, lane.Ring, free), start),
            pacing.QuietHours is null ? [(zone, included)] : await Zones(session, profile, audience, window, lane.TimeZone, ct),
            pacing.QuietHours, pacing.DailyCap, pacing.WarmUp, zone,
            lane.Day == LocalTime.DayOf(start, zone) ? lane.Granted : 0,
            lane.IsAtMeta ? await AudienceQuery.Held(session, profile, audience, lane.Instance!, ct, window) : null);
    }

    private static async Task<List<(TimeZoneInfo Zone, long Count)>> Zones(
        ISession session, Guid profile, AudienceSpec audience, MetaWindow? window, string profileZone, CancellationToken ct) =>
        [.. (await AudienceQuery.ByCountry(session, profile, audience, ct, window))
            .GroupBy(country => ClientZones.Of(country.Key, profileZone))
            .Select(zone => (zone.Key, zone.Sum(country => country.Value)))];

    private static DateTimeOffset Start(CampaignAnswer campaign, DateTimeOffset free) =>
        campaign is { Status: CampaignStatus.Scheduled, ScheduledAt: { } at } && at > free ? at : free;

    private static async Task<List<SampleText>> Samples(
        ISession session, Guid profile, AudienceSpec audience, MetaWindow? window, FrozenText text, DateTimeOffset at, CancellationToken ct)
    {
        var variants = text.Variants?.Count ?? 0;
        var clients = await AudienceQuery.Sample(session, profile, audience, Math.Max(MostSamples, variants), ct, window);
        var identified = (await session.Query(
            SelectIdentified, row => row.GetGuid(0), ct,
            ("profile", profile), ("clients", clients.ConvertAll(client => client.ClientId).ToArray()))).ToHashSet();
        return [.. clients.Select((client, place) => new SampleText(
            client.ClientId,
            text.Render(
                variants == 0 ? null : Variants.Key(place % variants), client.Name, client.Phone, !identified.Contains(client.ClientId), at),
            variants == 0 ? null : text.Variants![place % variants].Name))];
    }

    private sealed record Lane(
        SlotRing Ring, DateTimeOffset? NextAt, DateTimeOffset? HeldUntil, string TimeZone, DateOnly? Day, long Granted, long[] Others,
        string? Instance)
    {
        public bool IsAtMeta => Instance is not null && CloudInstance.Is(Instance);

        public static Lane Read(DbDataReader row) => new(
            row.IsDBNull(0) ? SlotRing.Empty : SlotRing.Read(row.GetFieldValue<byte[]>(0)), row.TimeOrNull("next_at"),
            row.TimeOrNull("held_until"), row.Text("time_zone"), row.IsDBNull(4) ? null : row.GetFieldValue<DateOnly>(4),
            row.IsDBNull(5) ? 0 : row.GetInt32(5), row.GetFieldValue<long[]>(6), row.TextOrNull("instance"));

        /// <summary>When the lane may grant its next slot.</summary>
        public DateTimeOffset Free(DateTimeOffset now) => new[] { now, NextAt ?? now, HeldUntil ?? now }.Max();

        /// <summary>Each of the others takes as many turns as this one needs, or as it has left when this one starts.</summary>
        public long Before(long included, SlotForecast slots, DateTimeOffset start)
        {
            var total = (double)Others.Sum();
            if (total == 0) return 0;
            var left = start <= slots.At(0) ? 1 : Math.Max(0, 1 - (slots.Before(start) / total));
            return (long)Others.Sum(pending => Math.Min(pending * left, included));
        }
    }
}
