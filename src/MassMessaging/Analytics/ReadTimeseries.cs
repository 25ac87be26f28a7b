using MassMessaging.Analytics.Views;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Analytics;

/// <summary>Counts are of people or messages, rates 0 to 1, times averages in seconds.</summary>
public enum Metric
{
    Sent,
    Delivered,
    Read,
    Replied,
    Failed,
    Skipped,
    InDoubt,

    /// <summary>People planned.</summary>
    Recipients,
    DeliveryRate,
    ReadRate,
    ReplyRate,
    FailureRate,
    SendTime,
    DeliveryTime,
}

/// <param name="StartsAt">The first point's may lie before the period: only what is in the period counts.</param>
/// <param name="Value">Null: a rate or time of nothing.</param>
public sealed record TimeseriesPoint(DateTimeOffset StartsAt, double? Value);

/// <param name="Points">Of every bucket, ascending.</param>
/// <param name="AsOf">What was recorded until then is in it.</param>
public sealed record TimeseriesAnswer(
    Metric Metric, Bucket Bucket, DateTimeOffset From, DateTimeOffset To, string TimeZone, DateTimeOffset AsOf, IReadOnlyList<TimeseriesPoint> Points);

/// <summary><c>GET /api/analytics/timeseries</c>.</summary>
public static class ReadTimeseries
{
    public const string Figures = $"""
        select width_bucket(starts_at, @starts::timestamptz[]) as place, {FigureSums.Columns}
        from campaign_figures
        where profile_id = @profile and starts_at >= @from and starts_at < @to
        group by place
        """;

    private const int MostPoints = 1_000;

    public static void Map(IEndpointRouteBuilder analytics) => analytics.MapGet("/timeseries", Get)
        .Documented("readTimeseries", "One figure over a period, by hour, day, week or month.", "validation-failed")
        .Asks("metric", $"{Names<Metric>()}. `sent` if left out.").Asks("from", Period.FromExpected).Asks("to", Period.ToExpected)
        .Asks("bucket", $"{Names<Bucket>()}. `day` if left out.")
        .Produces<TimeseriesAnswer>();

    private static async Task<IResult> Get(Caller caller, Query query, IStore store, CancellationToken ct)
    {
        var zone = await Period.OfProfile(store, caller.ProfileId, ct);
        var (metric, bucket) = (query.OneOf<Metric>("metric") ?? Metric.Sent, query.OneOf<Bucket>("bucket") ?? Bucket.Day);
        if (Period.Read(query, zone, store.Clock.GetUtcNow()) is not { } period) return query.Problem();

        var starts = Buckets.Starts(period, bucket, MostPoints);
        if (starts.Count > MostPoints) query.Wrong("bucket", $"gives more than {MostPoints} points: choose a larger one or a shorter period");
        if (query.AreWrong) return query.Problem();

        var asOf = await store.AsOf([CampaignFigures.ViewName], ct);
        var sums = (await store.Query(
            Figures, row => (Place: row.GetInt32(0) - 1, Sums: FigureSums.Of(row)), ct, ("profile", caller.ProfileId), ("from", period.From),
            ("to", period.To), ("starts", starts.Select(start => start.ToUniversalTime()).ToArray()))).ToDictionary(one => one.Place, one => one.Sums);
        var points = starts.Select((start, place) => new TimeseriesPoint(start, Value(metric, sums.GetValueOrDefault(place, FigureSums.None))));
        return TypedResults.Ok(new TimeseriesAnswer(metric, bucket, period.From, period.To, period.Zone.Id, asOf, [.. points]));
    }

    private static double? Value(Metric metric, FigureSums sums) => metric switch
    {
        Metric.Sent => sums.Sent,
        Metric.Delivered => sums.Delivered,
        Metric.Read => sums.Read,
        Metric.Replied => sums.Replied,
        Metric.Failed => sums.Failed,
        Metric.Skipped => sums.Skipped,
        Metric.InDoubt => sums.InDoubt,
        Metric.Recipients => sums.Total,
        Metric.DeliveryRate => sums.DeliveryRate,
        Metric.ReadRate => sums.ReadRate,
        Metric.ReplyRate => sums.ReplyRate,
        Metric.FailureRate => sums.FailureRate,
        Metric.SendTime => sums.AverageSendSeconds,
        _ => sums.AverageDeliverySeconds,
    };

    private static string Names<T>()
        where T : struct, Enum => string.Join(", ", Enum.GetValues<T>().Select(value => $"`{JsonConventions.NameOf(value)}`"));
}
