using MassMessaging.Analytics.Views;
using MassMessaging.Campaigns;
using MassMessaging.Kernel;

namespace MassMessaging.Analytics;

/// <summary>How long sending and delivery took: counts by step, from the view campaign-durations.</summary>
public sealed record Durations(IReadOnlyList<(string Kind, int AtLeast, long Samples)> Steps)
{
    public const string OfCampaign = """
        select kind, at_least, sum(samples)::bigint as samples
        from campaign_durations where profile_id = @profile and id = @id
        group by kind, at_least order by kind, at_least
        """;

    public const string OfPeriod = """
        select kind, at_least, sum(samples)::bigint as samples
        from campaign_durations where profile_id = @profile and starts_at >= @from and starts_at < @to
        group by kind, at_least order by kind, at_least
        """;

    public static async Task<Durations> Read(IStore store, string text, CancellationToken ct, params (string Name, object? Value)[] args) =>
        new(await store.Query(text, row => (row.Text("kind"), row.GetInt32(1), row.Whole("samples")), ct, args));

    public DurationAnswer Send(FigureSums sums) => Answer(CampaignDurations.Send, sums.Sends, sums.AverageSendSeconds);

    public DurationAnswer Delivery(FigureSums sums) => Answer(CampaignDurations.Delivery, sums.Deliveries, sums.AverageDeliverySeconds);

    private DurationAnswer Answer(string kind, long count, double? average)
    {
        var own = Steps.Where(step => step.Kind == kind).ToList();
        return new(count, average, Percentile(own, 50), Percentile(own, 90), Percentile(own, 95), Percentile(own, 99));
    }

    /// <summary>By nearest rank: the first step with so many in it and below.</summary>
    private static double? Percentile(List<(string Kind, int AtLeast, long Samples)> steps, int percent)
    {
        var rank = Math.Max(1, ((steps.Sum(step => step.Samples) * percent) + 99) / 100);
        foreach (var (_, atLeast, samples) in steps)
        {
            rank -= samples;
            if (rank <= 0) return DurationScale.Seconds(atLeast);
        }

        return null;
    }
}
