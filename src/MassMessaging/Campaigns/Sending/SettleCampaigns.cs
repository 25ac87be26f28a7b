using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Sending;

/// <summary>Brings campaigns to their end: skips what a cancelled one left, completes one whose last member is settled.</summary>
public sealed class SettleCampaigns : IHandle<SettleCampaign>
{
    private const int MostSkipped = 1000;

    // Asked only when nobody is waiting: whoever waits now will be settled later, and that asks again.
    private const string Ending = """
        select c.profile_id, c.id
        from unnest(@profiles::uuid[], @campaigns::uuid[]) as t (profile_id, id)
        join campaign c on c.profile_id = t.profile_id and c.id = t.id
        where c.status <> 'sending' or not exists (
            select 1 from campaign_audience a where a.profile_id = c.profile_id and a.campaign_id = c.id and a.status = 'pending')
        """;

    private const string Waiting = """
        select id from campaign_audience
        where profile_id = @profile and campaign_id = @campaign and status = 'pending' order by id limit @most
        """;

    private const string Standing = """
        select exists (select 1 from campaign_audience where profile_id = @profile and campaign_id = @campaign and status = 'pending')
            or exists (select 1 from campaign_audience where profile_id = @profile and campaign_id = @campaign and status = 'sending'),
               exists (select 1 from campaign_audience where profile_id = @profile and campaign_id = @campaign and (sent_at is not null or status = 'in_doubt')),
               exists (select 1 from campaign_audience where profile_id = @profile and campaign_id = @campaign and status = 'in_doubt'),
               (select reason from campaign_audience where profile_id = @profile and campaign_id = @campaign and status = 'failed' limit 1)
        """;

    /// <summary>Sends <see cref="SettleCampaign"/> for those of the campaigns that may be at their end.</summary>
    public static async Task Ask(ISession session, IEnumerable<StreamKey> campaigns, CancellationToken ct)
    {
        var keys = campaigns.ToList();
        if (keys.Count == 0) return;
        var ending = await session.Query(
            Ending, row => new StreamKey(row.GetGuid(0), row.GetGuid(1)), ct,
            ("profiles", keys.Select(key => key.Profile).ToArray()), ("campaigns", keys.Select(key => key.Id).ToArray()));
        foreach (var key in ending) session.Send(new SettleCampaign(key.Profile, key.Id), key.Id.ToString());
    }

    public async Task Handle(IReadOnlyList<SettleCampaign> messages, ISession session, CancellationToken ct)
    {
        // Locked before anybody is looked at: whoever lets a member wait again holds the campaign too.
        var keys = messages.Select(message => new StreamKey(message.ProfileId, message.CampaignId)).Distinct().ToList();
        var campaigns = await session.LoadMany<Campaign>(keys, ct);
        foreach (var campaign in keys.Select(key => campaigns[key]))
        {
            if (campaign.State.Status == CampaignStatus.Cancelled) await Skip(session, campaign.Key, ct);
            if (campaign.State is { Status: CampaignStatus.Sending, IsPlanned: true }) await Complete(session, campaign, ct);
        }
    }

    /// <summary>What became of everybody decides how the campaign ended; null while somebody is not settled.</summary>
    public static CampaignCompleted? End(bool anyUnsettled, bool anySentTo, bool anyInDoubt, string? failure) => (anyUnsettled, anySentTo) switch
    {
        (true, _) => null,
        (false, true) => new CampaignCompleted(CampaignStatus.Sent, anyInDoubt ? "in-doubt" : null),
        (false, false) => new CampaignCompleted(CampaignStatus.Failed, failure ?? "audience-empty"),
    };

    private static async Task Complete(ISession session, Versioned<Campaign> campaign, CancellationToken ct)
    {
        var end = (await session.Query(
            Standing, row => End(row.GetBoolean(0), row.GetBoolean(1), row.GetBoolean(2), row.IsDBNull(3) ? null : row.GetString(3)), ct,
            ("profile", campaign.Key.Profile), ("campaign", campaign.Key.Id)))[0];
        if (end is null) return;

        session.Append(campaign.Key, campaign.Version, end);
        CampaignMeter.Count(campaign.Key, end);
        await CampaignNotices.Completed(session, campaign, end, ct);
    }

    private static async Task Skip(ISession session, StreamKey campaign, CancellationToken ct)
    {
        var waiting = await session.Query(
            Waiting, row => new StreamKey(campaign.Profile, row.GetGuid(0)), ct,
            ("profile", campaign.Profile), ("campaign", campaign.Id), ("most", MostSkipped));
        if (waiting.Count == 0) return;
        var members = await MemberChanges.Load(session, waiting, ct);
        foreach (var key in waiting)
            members.Apply(key, member => member.Status == MemberStatus.Pending
                ? Decision.Accept(new MessageSkipped(member.CampaignId, "cancelled", member.Variant, member.Label))
                : Decision.Nothing);
        members.Append(session);
        if (waiting.Count == MostSkipped) session.Send(new SettleCampaign(campaign.Profile, campaign.Id), campaign.Id.ToString());
    }
}
