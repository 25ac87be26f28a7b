using System.Data.Common;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Templates;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns;

/// <summary>What a launch now would do.</summary>
/// <param name="Samples">The message as a few of the recipients would read it.</param>
public sealed record CampaignPreview(
    long Included, IReadOnlyList<ExcludedCount> Excluded, IReadOnlyList<SampleText> Samples, SendEstimate Estimate,
    IReadOnlyList<TextWarning> Warnings);

public sealed record ExcludedCount(string Reason, long Count);

public sealed record SampleText(Guid ClientId, string Text);

/// <summary><c>POST /api/campaigns/{id}/preview</c>: a dry run; nothing is written or sent.</summary>
public static class PreviewCampaign
{
    private const int MostSamples = 3;

    // Campaigns share the lane in turns, so each of the others takes as many slots as this one needs, or as it has left.
    private const string SelectLane = """
        select l.next_at, l.held_until,
               p.display_name, coalesce(p.phone, '') as phone, coalesce(p.business_name, '') as business_name, p.time_zone,
               (select coalesce(sum(least(n.pending, @included)), 0)::bigint
                from campaign c join campaign_counters n on n.profile_id = c.profile_id and n.id = c.id
                where c.profile_id = p.id and c.status = 'sending' and c.id <> @campaign) as others
        from profile p left join lane l on l.profile_id = p.id
        where p.id = @profile
        """;

    public static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapPost("/{id:guid}/preview", Post)
        .Documented("previewCampaign", "Tells who would get what and when, without sending anything.").Produces<CampaignPreview>();

    private static async Task<IResult> Post(Caller caller, Guid id, IStore store, IConfiguration configuration, CancellationToken ct)
    {
        if (await CampaignQuery.One(store, caller.ProfileId, id, ct) is not { Answer: var campaign }) return Problems.NotFound();

        await using var session = store.Open(caller.Origin);
        var key = new StreamKey(caller.ProfileId, id);
        if (await CampaignContent.Audience(session, key, ct) is not { } audience) return Problems.NotFound();

        var counts = await AudienceQuery.Count(session, caller.ProfileId, audience, ct);
        var included = counts.Find(count => count.Excluded is null).Count;
        var lane = (await session.Query(
            SelectLane, Lane.Read, ct, ("profile", caller.ProfileId), ("campaign", id), ("included", included)))[0];
        var pacing = await Pacing.Find(session, caller.ProfileId, ct) ?? Pacing.Default(configuration);
        var estimate = SendEstimate.Of(Rate(pacing), included, lane.Others, Start(campaign, lane, session.Now));
        var samples = await AudienceQuery.Sample(session, caller.ProfileId, audience, MostSamples, ct);
        return TypedResults.Ok(new CampaignPreview(
            included,
            [.. counts.Where(count => count.Excluded is not null).Select(count => new ExcludedCount(count.Excluded!, count.Count))],
            samples.ConvertAll(client => new SampleText(
                client.ClientId, MessageText.Render(campaign.MessageContent, lane.Values(client, estimate.FirstSendAt ?? session.Now)))),
            estimate,
            campaign.Warnings));
    }

    private static LaneRate Rate(Pacing pacing) => new(
        pacing.Messages, TimeSpan.FromSeconds(pacing.PerSeconds), pacing.Spread, pacing.Jitter, pacing.Burst, pacing.MaxInFlight);

    private static DateTimeOffset Start(CampaignAnswer campaign, Lane lane, DateTimeOffset now) => new[]
    {
        now, lane.NextAt ?? now, lane.HeldUntil ?? now, campaign.Status == CampaignStatus.Scheduled ? campaign.ScheduledAt ?? now : now,
    }.Max();

    private sealed record Lane(
        DateTimeOffset? NextAt, DateTimeOffset? HeldUntil, long Others,
        string AdvisorName, string AdvisorPhone, string BusinessName, string TimeZone)
    {
        public static Lane Read(DbDataReader row) => new(
            row.TimeOrNull("next_at"), row.TimeOrNull("held_until"), row.Whole("others"), row.Text("display_name"), row.Text("phone"),
            row.Text("business_name"), row.Text("time_zone"));

        public MessageValues Values(Candidate client, DateTimeOffset at) =>
            new(client.Name, client.Phone, AdvisorName, AdvisorPhone, BusinessName, at, TimeZone);
    }
}
