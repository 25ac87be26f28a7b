using System.Data.Common;
using MassMessaging.Assistant.Memory;
using MassMessaging.Kernel;

namespace MassMessaging.Assistant;

/// <summary>How a text fared in a campaign of the profile's. Rates are shares of <paramref name="Sent"/>, from 0 to 1.</summary>
/// <param name="Sent">The sample's size: people it was sent to.</param>
public sealed record PastResult(
    Guid CampaignId, string Name, string Objective, string Text, long Sent, double DeliveredRate, double ReadRate, double RepliedRate);

/// <summary>
/// The profile's campaigns that went best. A rate of few people says little, so they are ordered by the lower end of what it may be
/// (Wilson's interval at 95 %), replies weighing twice what reads do.
/// </summary>
public static class PastResults
{
    private const int Most = 8;
    private const double Z = 1.96;

    private const string Select = """
        select c.id, t.name, t.objective, t.message_content, n.sent, n.delivered, n.read, n.replied
        from campaign c
        join campaign_counters n on n.profile_id = c.profile_id and n.id = c.id
        join campaign_content t on t.profile_id = c.profile_id and t.id = c.content_id
        where c.profile_id = @profile and n.sent > 0 and t.variants is null
          and (@label::text is null or t.audience -> 'labels' ? @label)
        order by c.id desc
        limit 500
        """;

    /// <summary>The best first; with an objective, those whose own is alike.</summary>
    public static async Task<IReadOnlyList<PastResult>> Of(
        IStore store, Guid profile, string? objective, string? label, CancellationToken ct)
    {
        var all = await store.Query(Select, Read, ct, ("profile", profile), ("label", label));
        var alike = objective is null ? all : all.FindAll(result => OwnTexts.Likeness(objective, result.Objective) > 0);
        return [.. alike.DistinctBy(result => result.Text).OrderByDescending(Score).Take(Most)];
    }

    internal static double AtLeast(double rate, long sample)
    {
        if (sample == 0) return 0;

        var (n, z2) = ((double)sample, Z * Z);
        return (rate + (z2 / (2 * n)) - (Z * Math.Sqrt(((rate * (1 - rate)) + (z2 / (4 * n))) / n))) / (1 + (z2 / n));
    }

    private static double Score(PastResult result) => AtLeast(result.ReadRate, result.Sent) + (2 * AtLeast(result.RepliedRate, result.Sent));

    private static PastResult Read(DbDataReader row)
    {
        var sent = row.GetInt64(4);
        double Rate(int column) => Math.Round(Math.Clamp((double)row.GetInt64(column) / sent, 0, 1), 4);
        return new(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), sent, Rate(5), Rate(6), Rate(7));
    }
}
