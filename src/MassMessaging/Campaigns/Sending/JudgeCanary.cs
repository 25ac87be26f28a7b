using MassMessaging.Kernel;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// Looks at what became of a campaign's first messages, until they speak for the others, against them, or their time is over.
/// </summary>
public sealed record JudgeCanary(Guid ProfileId, Guid CampaignId)
{
    public const string Reason = "canary-failed";

    /// <summary>From one look to the next.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
}

public sealed class JudgeCanaryHandler : IHandle<JudgeCanary>
{
    // While it waits nobody else of the campaign goes, so whoever was tried is one of the first.
    private const string Select = """
        select k.first, k.max_failed_ratio, k.until,
               (select count(*) from campaign_audience a where a.profile_id = k.profile_id and a.campaign_id = k.campaign_id
                  and a.status in ('failed', 'in_doubt'))::int,
               (select count(*) from campaign_audience a where a.profile_id = k.profile_id and a.campaign_id = k.campaign_id
                  and (a.status in ('failed', 'delivered', 'read') or (a.status = 'sent' and a.replied_at is not null)))::int,
               exists (select 1 from campaign_audience a where a.profile_id = k.profile_id and a.campaign_id = k.campaign_id and a.status = 'pending')
        from campaign_canary k
        where k.profile_id = @profile and k.campaign_id = @campaign and k.passed_at is null and k.until is not null
        for update
        """;

    private const string Pass = """
        update campaign_canary set passed_at = @now where profile_id = @profile and campaign_id = @campaign and passed_at is null
        """;

    public async Task Handle(IReadOnlyList<JudgeCanary> messages, ISession session, CancellationToken ct)
    {
        foreach (var message in messages) await Judge(session, message, ct);
    }

    private static async Task Judge(ISession session, JudgeCanary message, CancellationToken ct)
    {
        var campaign = await session.FetchForWriting<Campaign>(new StreamKey(message.ProfileId, message.CampaignId), ct);
        if (campaign.State.Status is not (CampaignStatus.Sending or CampaignStatus.Paused)) return;

        var judged = await session.Query(
            Select,
            row => (Until: row.GetFieldValue<DateTimeOffset>(2), AnyoneWaits: row.GetBoolean(5), Verdict: CanaryJudgement.Of(
                row.GetInt32(0), row.GetDouble(1), row.GetInt32(3), row.GetInt32(4), row.GetFieldValue<DateTimeOffset>(2), session.Now)),
            ct, ("profile", message.ProfileId), ("campaign", message.CampaignId));
        if (judged is not [var canary]) return;
        if (campaign.State.IsPlanned && !canary.AnyoneWaits) return; // nobody whom a pause could keep back

        var isPaused = campaign.State.Status == CampaignStatus.Paused;
        if (canary.Verdict == CanaryVerdict.Wait || (isPaused && canary.Verdict == CanaryVerdict.Fail))
        {
            var next = session.Now + JudgeCanary.Look;
            var at = canary.Until < next && canary.Until > session.Now ? canary.Until : next;
            session.Send(message, message.CampaignId.ToString(), at);
            return;
        }

        // Failed, too: whoever resumes it has seen the figures, and the others go.
        await session.Sql(Pass, ct, ("profile", message.ProfileId), ("campaign", message.CampaignId), ("now", session.Now));
        if (canary.Verdict != CanaryVerdict.Fail || ChangeCampaign.Pause(campaign.State, JudgeCanary.Reason) is not Decision.Accepted paused) return;

        session.Append(campaign.Key, campaign.Version, paused.Events);
        await CampaignNotices.CanaryFailed(session, campaign, ct);
    }
}
