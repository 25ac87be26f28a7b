using MassMessaging.Analytics.Views;
using MassMessaging.Campaigns;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Analytics;

/// <param name="StartedCount">Campaigns that started in the period; the other counts are where these stand now.</param>
/// <param name="CompletionRate">Ended as <c>sent</c>, of those started.</param>
public sealed record CampaignsAnswer(
    long StartedCount, long SendingCount, long PausedCount, long SentCount, long FailedCount, long CancelledCount, double? CompletionRate);

/// <summary>What became of the messages whose turn came in the period, and where the campaigns stand that started in it.</summary>
public sealed class OverviewAnswer(Period period, DateTimeOffset asOf, CampaignsAnswer campaigns, FigureGroups groups, Durations durations)
    : FiguresAnswer(groups.All)
{
    public DateTimeOffset From => period.From;

    public DateTimeOffset To => period.To;

    public string TimeZone => period.Zone.Id;

    /// <summary>What was recorded until then is in it.</summary>
    public DateTimeOffset AsOf => asOf;

    public CampaignsAnswer Campaigns => campaigns;

    /// <summary>From a message's turn to the gateway's yes.</summary>
    public DurationAnswer SendTime => durations.Send(groups.All);

    /// <summary>From the gateway's yes to the receipt.</summary>
    public DurationAnswer DeliveryTime => durations.Delivery(groups.All);

    public IReadOnlyList<HourOfDayAnswer> ByHour =>
        [.. groups.Hours.Where(hour => !hour.Sums.IsBlank).Select(hour => new HourOfDayAnswer((int)hour.Key, hour.Sums))];

    public IReadOnlyList<LabelOfPeriodAnswer> ByLabel =>
        [.. groups.Labels.Where(label => !label.Sums.IsBlank).Select(label => new LabelOfPeriodAnswer(label.Key.Length == 0 ? null : label.Key, label.Sums))];

    public IReadOnlyList<ReasonAnswer> FailureReasons => groups.FailureReasons;

    public IReadOnlyList<ReasonAnswer> SkipReasons => groups.SkipReasons;
}

/// <param name="label">The client's when the launch planned the message; null in campaigns from before it was kept.</param>
public sealed class LabelOfPeriodAnswer(string? label, FigureSums sums) : FiguresAnswer(sums)
{
    public string? Label => label;
}

/// <summary><c>GET /api/analytics/overview</c>.</summary>
public static class ReadOverview
{
    public const string Figures = $"""
        select hour, label, null as variant, reason, {FigureSums.Columns}
        from (select extract(hour from ({ZoneOffsets.WallClock}) at time zone 'UTC')::bigint as hour, f.*
              from campaign_figures f
              where f.profile_id = @profile and f.starts_at >= @from and f.starts_at < @to) f
        group by grouping sets ((), (hour), (label), (reason))
        """;

    public const string Campaigns = """
        select status, count(*) from campaign
        where profile_id = @profile and started_at >= @from and started_at < @to
        group by status
        """;

    public static void Map(IEndpointRouteBuilder analytics) => analytics.MapGet("/overview", Get)
        .Documented("readOverview", "What became of the messages of a period: rates, times, hours, labels, reasons.", "validation-failed")
        .Asks("from", Period.FromExpected).Asks("to", Period.ToExpected)
        .Produces<OverviewAnswer>();

    private static async Task<IResult> Get(Caller caller, Query query, IStore store, CancellationToken ct)
    {
        var zone = await Period.OfProfile(store, caller.ProfileId, ct);
        if (Period.Read(query, zone, store.Clock.GetUtcNow()) is not { } period) return query.Problem();

        var asOf = await store.AsOf([CampaignFigures.ViewName, CampaignDurations.ViewName], ct);
        var offsets = ZoneOffsets.Of(zone, period.From, period.To);
        (string, object?)[] args = [("profile", caller.ProfileId), ("from", period.From), ("to", period.To)];
        var groups = FigureGroups.Of(await store.Query(
            Figures, FigureGroups.Row, ct, [.. args, ("since", offsets.Since), ("minutes", offsets.Minutes)]));
        var campaigns = await store.Query(Campaigns, row => (Words.Parse<CampaignStatus>(row.GetString(0)), row.GetInt64(1)), ct, args);
        return TypedResults.Ok(new OverviewAnswer(
            period, asOf, Standing(campaigns.ToDictionary()), groups, await Durations.Read(store, Durations.OfPeriod, ct, args)));
    }

    private static CampaignsAnswer Standing(Dictionary<CampaignStatus, long> campaigns)
    {
        long Of(CampaignStatus status) => campaigns.GetValueOrDefault(status);
        return new(
            campaigns.Values.Sum(), Of(CampaignStatus.Sending), Of(CampaignStatus.Paused), Of(CampaignStatus.Sent), Of(CampaignStatus.Failed),
            Of(CampaignStatus.Cancelled), FigureSums.Share(Of(CampaignStatus.Sent), campaigns.Values.Sum()));
    }
}
