using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary>What monitoring watches of campaigns as they stand: a row a lane, and an index of those in doubt.</summary>
internal static class StandingFigures
{
    private const string Sql = """
        select 'massmessaging.lanes.held', held_by, null, count(*)::float8 from lane
        where held_by is not null and (held_until is null or held_until > @now) group by held_by
        union all
        select 'massmessaging.messages.in_doubt', null, null, count(*)::float8 from campaign_audience where status = 'in_doubt'
        """;

    public static GaugeQuery Query { get; } = new(
        Sql,
        new("massmessaging.lanes.held", "{lane}", "Lanes that stand still.", "reason"),
        new("massmessaging.messages.in_doubt", "{message}", "Messages that may have been sent or not."));
}
