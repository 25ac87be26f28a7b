using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary>The words of the API's <c>status</c>; <c>Missing</c> is never shown.</summary>
public enum CampaignStatus
{
    Missing,
    Draft,
    Scheduled,
    Sending,
    Paused,
    Sent,
    Failed,
    Cancelled,
    Deleted,
}

/// <param name="ContentId">Version of name, objective, message and audience, kept beside the log (table campaign_content).</param>
public sealed record CampaignDrafted(Guid ContentId, Guid? TemplateId);

public sealed record CampaignEdited(Guid ContentId, Guid? TemplateId);

public sealed record CampaignScheduled(DateTimeOffset ScheduledAt);

/// <summary>Back to a draft: its start was taken away.</summary>
public sealed record CampaignUnscheduled;

public sealed record CampaignLaunched(Guid ContentId);

public sealed record AudiencePlanned(long Included, long Excluded);

/// <param name="Reason">Null when a person paused it; else the stable code of what needs a person.</param>
public sealed record CampaignPaused(string? Reason);

public sealed record CampaignResumed;

public sealed record CampaignCancelled;

/// <param name="Status"><see cref="CampaignStatus.Sent"/> or <see cref="CampaignStatus.Failed"/>.</param>
/// <param name="Reason">Null, <c>in-doubt</c>, or why nobody was sent to.</param>
public sealed record CampaignCompleted(CampaignStatus Status, string? Reason);

/// <summary>A person has those tried again who failed for a reason worth it: it is sending again.</summary>
public sealed record CampaignRetried;

/// <summary>The last chunk of a retry is queued.</summary>
/// <param name="Requeued">Recipients of this retry; each has its <see cref="MessageRequeued"/>.</param>
public sealed record RetryPlanned(long Requeued);

public sealed record CampaignDeleted;

public sealed record Campaign(CampaignStatus Status, Guid ContentId, DateTimeOffset? ScheduledAt, bool IsPlanned, Guid? TemplateId = null, bool IsLaunched = false)
    : IAggregate<Campaign>
{
    public static Campaign Initial { get; } = new(CampaignStatus.Missing, Guid.Empty, null, IsPlanned: false);

    public static Campaign Evolve(Campaign state, object @event) => @event switch
    {
        CampaignDrafted drafted => new(CampaignStatus.Draft, drafted.ContentId, null, IsPlanned: false, drafted.TemplateId),
        CampaignEdited edited => state with { ContentId = edited.ContentId, TemplateId = edited.TemplateId },
        CampaignScheduled scheduled => state with { Status = CampaignStatus.Scheduled, ScheduledAt = scheduled.ScheduledAt },
        CampaignUnscheduled => state with { Status = CampaignStatus.Draft, ScheduledAt = null },
        CampaignLaunched => state with { Status = CampaignStatus.Sending, IsLaunched = true },
        CampaignResumed => state with { Status = CampaignStatus.Sending },
        CampaignRetried => state with { Status = CampaignStatus.Sending, IsPlanned = false },
        AudiencePlanned or RetryPlanned => state with { IsPlanned = true },
        CampaignPaused => state with { Status = CampaignStatus.Paused },
        CampaignCancelled => state with { Status = CampaignStatus.Cancelled },
        CampaignCompleted completed => state with { Status = completed.Status },
        CampaignDeleted => state with { Status = CampaignStatus.Deleted },
        _ => state,
    };
}
