using MassMessaging.Campaigns.Sending;
using MassMessaging.Clients;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Launching;

/// <summary>
/// Plans one chunk of a launch: starts a stream for everyone who is in, freezes name and phone beside the log, and notes who is out and
/// why. Chunk and successor commit together, so a launch goes on where it stopped.
/// </summary>
public sealed class PlanAudienceHandler : IHandle<PlanAudience>
{
    /// <summary>Small, so that the first message leaves while the rest is planned.</summary>
    private const int FirstChunk = 200;
    private const int Chunk = 4000;

    private const string Freeze = """
        insert into campaign_recipient (profile_id, member_id, name, phone)
        select @profile, id, name, phone from unnest(@ids::uuid[], @names::text[], @phones::text[]) as r (id, name, phone)
        """;

    private const string FrozenVariants = "select variants from campaign_frozen where profile_id = @profile and campaign_id = @campaign";

    private const string Exclude = """
        insert into campaign_excluded (profile_id, campaign_id, client_id, reason)
        select @profile, @campaign, client_id, reason from unnest(@clients::uuid[], @reasons::text[]) as e (client_id, reason)
        """;

    public async Task Handle(IReadOnlyList<PlanAudience> messages, ISession session, CancellationToken ct)
    {
        foreach (var message in messages) await Plan(message, session, ct);
    }

    private static async Task Plan(PlanAudience message, ISession session, CancellationToken ct)
    {
        var campaign = await session.FetchForWriting<Campaign>(new StreamKey(message.ProfileId, message.CampaignId), ct);
        if (campaign.State.Status == CampaignStatus.Cancelled)
            session.Send(new SettleCampaign(message.ProfileId, message.CampaignId), message.CampaignId.ToString()); // the chunk before may have missed it
        if (campaign.State is not { Status: CampaignStatus.Sending or CampaignStatus.Paused, IsPlanned: false }) return;

        await ErasureLock.Share(session, message.ProfileId, ct);

        var audience = await CampaignContent.Audience(session, campaign.Key, ct) ?? AudienceSpec.Nobody;
        var size = message.After is null ? FirstChunk : Chunk;
        var page = await AudienceQuery.Page(session, message.ProfileId, audience, message.After, size, ct);
        var included = page.FindAll(candidate => candidate.Excluded is null);
        var excluded = page.FindAll(candidate => candidate.Excluded is not null);
        var shares = await Shares(message, session, ct);
        await Write(message, included, excluded, shares, session, ct);

        var soFar = message with { Given = shares?.Given, Included = message.Included + included.Count, Excluded = message.Excluded + excluded.Count };
        if (page.Count == size)
        {
            session.Send(soFar with { After = page[^1].ClientId });
            return;
        }

        session.Append(campaign.Key, campaign.Version, new AudiencePlanned(soFar.Included, soFar.Excluded));
        session.Send(new SettleCampaign(message.ProfileId, message.CampaignId), message.CampaignId.ToString());
    }

    private static async Task<VariantShares?> Shares(PlanAudience message, ISession session, CancellationToken ct)
    {
        var frozen = await session.Query(
            FrozenVariants, row => Variants.FromJson(row.TextOrNull("variants")), ct,
            ("profile", message.ProfileId), ("campaign", message.CampaignId));
        return frozen is [{ } variants]
            ? new([.. variants.Select(variant => variant.Share)], message.Given?.ToArray() ?? new long[variants.Count])
            : null;
    }

    private static async Task Write(
        PlanAudience message, List<Candidate> included, List<Candidate> excluded, VariantShares? shares, ISession session, CancellationToken ct)
    {
        var ids = included.ConvertAll(candidate => MemberId.Of(message.CampaignId, candidate.ClientId));
        foreach (var (id, candidate) in ids.Zip(included))
            session.Append(
                new StreamKey(message.ProfileId, id), 0,
                new MessageQueued(
                    message.CampaignId, candidate.ClientId, shares is null ? null : Variants.Key(shares.Next(id)), candidate.Label));

        if (included.Count > 0) await ReplyLane.Planned(session, new(message.ProfileId, message.CampaignId), ids, included, ct);
        if (included.Count > 0)
            await session.Sql(
                Freeze, ct, ("profile", message.ProfileId), ("ids", ids.ToArray()),
                ("names", included.ConvertAll(candidate => candidate.Name).ToArray()),
                ("phones", included.ConvertAll(candidate => candidate.Phone).ToArray()));
        if (excluded.Count > 0)
            await session.Sql(
                Exclude, ct, ("profile", message.ProfileId), ("campaign", message.CampaignId),
                ("clients", excluded.ConvertAll(candidate => candidate.ClientId).ToArray()),
                ("reasons", excluded.ConvertAll(candidate => candidate.Excluded!).ToArray()));
    }
}
