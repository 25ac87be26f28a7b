using System.Data.Common;

namespace MassMessaging.Campaigns.Launching;

/// <summary>
/// A large launch goes on in two chains, one for each half of the clients, so that two connections write. Who is in a half is a matter of
/// client ids alone: nobody is in both, and nobody in neither. The chain that ends last completes the plan.
/// </summary>
public static class LaunchHalves
{
    /// <summary>Clients; fewer are not worth a second chain.</summary>
    private const long Fewest = 8000;

    private const string Middle = """
        with rest as materialized (select count(*) as clients from client where profile_id = @profile and id > @after)
        select id from client
        where profile_id = @profile and id > @after and (select clients from rest) >= @fewest
        order by id
        offset (select clients / 2 from rest) limit 1
        """;

    // Of two that end at once, one waits here until the other has committed.
    private const string Ended = """
        insert into launch_half as h (profile_id, campaign_id, ended, included, excluded)
        values (@profile, @campaign, 1, @included, @excluded)
        on conflict (profile_id, campaign_id) do update set
            ended = h.ended + 1, included = h.included + excluded.included, excluded = h.excluded + excluded.excluded
        returning ended, included, excluded
        """;

    private const string Forget = "delete from launch_half where profile_id = @profile and campaign_id = @campaign";

    /// <summary>The last client of the first half of those behind <paramref name="after"/>; null: they are planned in one chain.</summary>
    public static async Task<Guid?> Cut(ISession session, Guid profile, Guid after, CancellationToken ct)
    {
        var middle = await session.Query(
            Middle, row => row.GetGuid(0), ct, ("profile", profile), ("after", after), ("fewest", Fewest));
        return middle is [var id] ? id : null;
    }

    /// <summary>What both halves came to; null: the other one goes on.</summary>
    public static async Task<AudiencePlanned?> End(ISession session, PlanAudience half, CancellationToken ct)
    {
        var (profile, campaign) = (("profile", (object?)half.ProfileId), ("campaign", (object?)half.CampaignId));
        var ended = await session.Query(Ended, Read, ct, profile, campaign, ("included", half.Included), ("excluded", half.Excluded));
        if (ended is not [(2, var planned)]) return null;

        await session.Sql(Forget, ct, profile, campaign);
        return planned;
    }

    private static (int Halves, AudiencePlanned Planned) Read(DbDataReader row) => (row.GetInt32(0), new(row.GetInt64(1), row.GetInt64(2)));
}
