using MassMessaging.Analytics.Views;
using MassMessaging.Campaigns;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Analytics;

/// <summary>What became of a campaign's messages. The counts are those of its row.</summary>
public sealed class CampaignFiguresAnswer(
    CampaignStanding campaign, CampaignStatus status, TimeZoneInfo zone, DateTimeOffset asOf, FigureGroups groups, Durations durations)
    : PeopleAnswer(groups.All)
{
    public Guid CampaignId => campaign.Id;

    public CampaignStatus Status => status;

    public DateTimeOffset? StartedAt => campaign.StartedAt;

    /// <summary>When its last member was settled; null while it is being sent, or if it was cancelled.</summary>
    public DateTimeOffset? CompletedAt => status is CampaignStatus.Sent or CampaignStatus.Failed ? campaign.SentAt : null;

    public string TimeZone => zone.Id;

    /// <summary>What was recorded until then is in it.</summary>
    public DateTimeOffset AsOf => asOf;

    /// <summary>From a message's turn to the gateway's yes.</summary>
    public DurationAnswer SendTime => durations.Send(groups.All);

    /// <summary>From the gateway's yes to the receipt.</summary>
    public DurationAnswer DeliveryTime => durations.Delivery(groups.All);

    /// <summary>Hours in which somebody's turn came, ascending; all that became of these messages counts there.</summary>
    public IReadOnlyList<HourAnswer> ByHour =>
    [
        .. groups.Hours.Where(hour => !hour.Sums.IsBlank).Select(hour => (At: DateTimeOffset.FromUnixTimeSeconds(hour.Key), hour.Sums))
            .Select(hour => new HourAnswer(hour.At, TimeZoneInfo.ConvertTime(hour.At, zone).Hour, hour.Sums)),
    ];

    public IReadOnlyList<LabelAnswer> ByLabel => [.. groups.Labels.Select(label => new LabelAnswer(label.Key.Length == 0 ? null : label.Key, label.Sums))];

    /// <summary>Null when the campaign has one message for all.</summary>
    public IReadOnlyList<VariantFiguresAnswer>? ByVariant => campaign.Variants?
        .Select((variant, place) => new VariantFiguresAnswer(variant.Name, groups.Variants.FirstOrDefault(
            one => one.Key == Variants.Key(place), (Key: "", Sums: FigureSums.None)).Sums)).ToList();

    public IReadOnlyList<ReasonAnswer> FailureReasons => groups.FailureReasons;

    public IReadOnlyList<ReasonAnswer> SkipReasons => groups.SkipReasons;
}

/// <summary>Of the campaign's own row.</summary>
public sealed record CampaignStanding(
    Guid Id, CampaignStatus Status, long Included, long Requeued, DateTimeOffset? StartedAt, DateTimeOffset? SentAt, IReadOnlyList<Variant>? Variants)
{
    /// <summary>As <see cref="CampaignAnswer"/> shows it: over only when the figures have seen everybody settled.</summary>
    public CampaignStatus Shown(FigureSums sums) =>
        Status is CampaignStatus.Sent or CampaignStatus.Failed && (sums.Pending > 0 || sums.Total < Included || sums.Requeued < Requeued)
            ? CampaignStatus.Sending
            : Status;
}

/// <summary><c>GET /api/analytics/campaigns/{id}</c>.</summary>
public static class ReadCampaignFigures
{
    public const string Figures = $"""
        select hour, label, variant, reason, {FigureSums.Columns}
        from (select extract(epoch from date_bin('1 hour', {ZoneOffsets.WallClock}, timestamptz '2000-01-01T00:00:00Z')
                                        - (({ZoneOffsets.WallClock}) - starts_at))::bigint as hour, f.*
              from campaign_figures f where f.profile_id = @profile and f.id = @id) f
        group by grouping sets ((), (hour), (label), (variant), (reason))
        """;

    private const string Standing = """
        select c.id, c.status, coalesce(c.included, 0) as included, c.requeued, c.started_at, c.sent_at, t.variants
        from campaign c
        join campaign_content t on t.profile_id = c.profile_id and t.id = c.content_id
        where c.profile_id = @profile and c.id = @id
        """;

    public static void Map(IEndpointRouteBuilder analytics) => analytics.MapGet("/campaigns/{id:guid}", Get)
        .Documented("readCampaignFigures", "What became of a campaign's messages: rates, times, hours, labels, variants, reasons.")
        .Produces<CampaignFiguresAnswer>();

    private static async Task<IResult> Get(Caller caller, Guid id, IStore store, CancellationToken ct)
    {
        (string, object?)[] args = [("profile", caller.ProfileId), ("id", id)];
        var standing = await store.Query(
            Standing, row => new CampaignStanding(
                row.Id("id"), Words.Parse<CampaignStatus>(row.Text("status")), row.Whole("included"), row.Whole("requeued"),
                row.TimeOrNull("started_at"), row.TimeOrNull("sent_at"), Variants.FromJson(row.TextOrNull("variants"))), ct, args);
        if (standing is not [var campaign]) return Problems.NotFound();

        var zone = await Period.OfProfile(store, caller.ProfileId, ct);
        var asOf = await store.AsOf([CampaignFigures.ViewName, CampaignDurations.ViewName], ct);
        var now = store.Clock.GetUtcNow();
        var offsets = ZoneOffsets.Of(zone, (campaign.StartedAt ?? now).AddDays(-1), now.AddDays(1));
        var rows = await store.Query(Figures, FigureGroups.Row, ct, [.. args, ("since", offsets.Since), ("minutes", offsets.Minutes)]);
        var groups = FigureGroups.Of(campaign.Status == CampaignStatus.Cancelled ? [.. rows.Select(Settled)] : rows);
        return TypedResults.Ok(new CampaignFiguresAnswer(
            campaign, campaign.Shown(groups.All), zone, asOf, groups, await Durations.Read(store, Durations.OfCampaign, ct, args)));
    }

    /// <summary>An hour's messages have had their turn; who is left out at once has none.</summary>
    private static (long? Hour, string? Label, string? Variant, string? Reason, FigureSums Sums) Settled(
        (long? Hour, string? Label, string? Variant, string? Reason, FigureSums Sums) row) => row with
        {
            Sums = row switch
            {
                { Reason: not null } => row.Sums,
                { Hour: not null } => row.Sums with { InDoubt = row.Sums.InDoubt + row.Sums.InFlight, InFlight = 0 },
                _ => row.Sums.Settled(),
            },
        };
}
