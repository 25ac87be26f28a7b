using MassMessaging.Campaigns.Sending;
using MassMessaging.Clients;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Launching;

/// <summary>
/// Plans one chunk of a launch: starts a stream for everyone who is in, freezes name and phone beside the log, and notes who is out and
/// why. Chunk and successor commit together, so a launch goes on where it stopped.
/// </summary>
public sealed class PlanAudienceHandler : IHandle<PlanAudience>, IHandle<PlanHalf>
{
    /// <summary>Small, so that the first message leaves while the rest is planned.</summary>
    private const int FirstChunk = 200;
    private const int Chunk = 4000;

    // With the lock before the clients are read: nobody of them is erased until this has committed.
    private const string Frozen = $"""
        select t.audience, f.variants, {ErasureLock.Shared}
        from campaign c
        join campaign_content t on t.profile_id = c.profile_id and t.id = c.content_id
        left join campaign_frozen f on f.profile_id = c.profile_id and f.campaign_id = c.id
        where c.profile_id = @profile and c.id = @campaign
        """;

    public async Task Handle(IReadOnlyList<PlanAudience> messages, ISession session, CancellationToken ct)
    {
        foreach (var message in messages) await Plan(message, half: null, session, ct);
    }

    public async Task Handle(IReadOnlyList<PlanHalf> messages, ISession session, CancellationToken ct)
    {
        foreach (var message in messages) await Plan(message.Chunk, message, session, ct);
    }

    private static async Task Plan(PlanAudience message, PlanHalf? half, ISession session, CancellationToken ct)
    {
        var campaign = await session.FetchForWriting<Campaign>(new StreamKey(message.ProfileId, message.CampaignId), ct);
        if (campaign.State.Status == CampaignStatus.Cancelled)
            session.Send(new SettleCampaign(message.ProfileId, message.CampaignId), message.CampaignId.ToString()); // the chunk before may have missed it
        if (campaign.State is not { Status: CampaignStatus.Sending or CampaignStatus.Paused, IsPlanned: false }) return;

        var (audience, shares) = await FrozenOf(message, session, ct);
        if (half is null && shares is null && await Halved(message, session, ct)) return;

        var size = message.After is null ? FirstChunk : Chunk;
        var page = await AudienceQuery.Page(session, message.ProfileId, audience, message.After, size, ct, half?.Until);
        var included = page.FindAll(candidate => candidate.Excluded is null);
        var excluded = page.FindAll(candidate => candidate.Excluded is not null);
        await Write(message, included, excluded, shares, session, ct);

        var soFar = message with { Given = shares?.Given, Included = message.Included + included.Count, Excluded = message.Excluded + excluded.Count };
        if (page.Count == size || page.Count > FirstChunk) // a large chunk is copied, which the end of a plan is not
        {
            var next = soFar with { After = page[^1].ClientId };
            session.Send(half is null ? next : half with { Chunk = next });
            return;
        }

        var planned = half is null ? new AudiencePlanned(soFar.Included, soFar.Excluded) : await LaunchHalves.End(session, soFar, ct);
        if (planned is null) return;

        session.Append(campaign.Key, campaign.Version, planned);
        session.Send(new SettleCampaign(message.ProfileId, message.CampaignId), message.CampaignId.ToString());
    }

    /// <summary>Behind the first chunk. Variants are dealt out in one chain, since each depends on all before.</summary>
    private static async Task<bool> Halved(PlanAudience message, ISession session, CancellationToken ct)
    {
        if (message.After is not { } after || await LaunchHalves.Cut(session, message.ProfileId, after, ct) is not { } middle) return false;

        session.Send(new PlanHalf(message, middle));
        session.Send(new PlanHalf(new PlanAudience(message.ProfileId, message.CampaignId, middle, 0, 0), Until: null));
        return true;
    }

    private static async Task<(AudienceSpec Audience, VariantShares? Shares)> FrozenOf(PlanAudience message, ISession session, CancellationToken ct)
    {
        var frozen = await session.Query(
            Frozen, row => (AudienceSpec.FromJson(row.GetString(0)), Variants.FromJson(row.TextOrNull("variants"))), ct,
            ("profile", message.ProfileId), ("campaign", message.CampaignId));
        return frozen switch
        {
            [(var audience, { } variants)] =>
                (audience, new([.. variants.Select(variant => variant.Share)], message.Given?.ToArray() ?? new long[variants.Count])),
            [(var audience, _)] => (audience, null),
            _ => (AudienceSpec.Nobody, null),
        };
    }

    private static async Task Write(
        PlanAudience message, List<Candidate> included, List<Candidate> excluded, VariantShares? shares, ISession session, CancellationToken ct)
    {
        var (profile, campaign) = (message.ProfileId, message.CampaignId);
        var planned = included.ConvertAll(candidate =>
        {
            var id = MemberId.Of(campaign, candidate.ClientId);
            return new Planned(id, shares is null ? null : Variants.Key(shares.Next(id)), candidate);
        });
        planned.Sort((one, other) => one.Id.CompareTo(other.Id)); // in every index's order, which is the streams' order too
        foreach (var (id, variant, candidate) in planned)
            session.Append(new StreamKey(profile, id), 0, new MessageQueued(campaign, candidate.ClientId, variant, candidate.Label));

        if (planned.Count > 0)
            ReplyLane.Planned(session, new(profile, campaign), planned.ConvertAll(one => one.Id), planned.ConvertAll(one => one.Candidate));
        await session.Insert(
            "campaign_recipient", planned.ConvertAll(one => new Recipient(profile, one.Id, one.Candidate.Name, one.Candidate.Phone)), ct);
        await session.Insert(
            "campaign_excluded", excluded.ConvertAll(candidate => new Left(profile, campaign, candidate.ClientId, candidate.Excluded!)), ct);
    }

    private sealed record Planned(Guid Id, string? Variant, Candidate Candidate);

    private sealed record Recipient(Guid ProfileId, Guid MemberId, string Name, string Phone);

    private sealed record Left(Guid ProfileId, Guid CampaignId, Guid ClientId, string Reason);
}
