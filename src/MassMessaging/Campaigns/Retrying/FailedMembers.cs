using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Retrying;

/// <summary>Who failed for a reason worth another attempt, long enough ago, and may still be written to.</summary>
public static class FailedMembers
{
    private const string Select = """
        select a.id from campaign_audience a
        join unnest(@reasons::text[], @waits::interval[]) as worth (reason, wait)
            on worth.reason = a.reason and a.failed_at + worth.wait <= @now
        join client c on c.profile_id = a.profile_id and c.id = a.client_id and c.opted_out_at is null
        join campaign_recipient r on r.profile_id = a.profile_id and r.member_id = a.id -- gone with an erased client
        where a.profile_id = @profile and a.campaign_id = @campaign and a.status = 'failed' and (@after::uuid is null or a.id > @after::uuid)
        order by a.id limit @most
        """;

    private const string Forget = """
        update campaign_recipient set error_message = null
        where profile_id = @profile and member_id = any (@members) and error_message is not null
        """;

    /// <summary>By member id, behind <paramref name="after"/>.</summary>
    public static Task<List<StreamKey>> Page(ISession session, StreamKey campaign, Guid? after, int most, CancellationToken ct) => session.Query(
        Select, row => new StreamKey(campaign.Profile, row.GetGuid(0)), ct,
        ("profile", campaign.Profile), ("campaign", campaign.Id), ("after", after), ("most", most), ("now", session.Now),
        ("reasons", RetryReasons.Waits.Keys.ToArray()), ("waits", RetryReasons.Waits.Values.ToArray()));

    /// <summary>The gateway's words were about the attempt before.</summary>
    public static Task ForgetErrors(ISession session, Guid profile, IEnumerable<StreamKey> members, CancellationToken ct) =>
        session.Sql(Forget, ct, ("profile", profile), ("members", members.Select(member => member.Id).ToArray()));
}
