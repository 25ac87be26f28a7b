using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Views;

/// <summary>View <c>campaigns</c>, inline: what a request writes and shows at once. Texts are joined from campaign_content.</summary>
public sealed record CampaignRow(
    Guid ProfileId, Guid Id, Guid ContentId, Guid? TemplateId, CampaignStatus Status, string? StatusReason, bool IsPlanned, long? Included,
    long Requeued, DateTimeOffset? ScheduledAt, DateTimeOffset? StartedAt, DateTimeOffset? SentAt, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt,
    long Version) : IRowView<CampaignRow>
{
    public static string ViewName => "campaigns";

    public static string Table => "campaign";

    public static IReadOnlyCollection<Type> Takes { get; } = new HashSet<Type>
    {
        typeof(CampaignDrafted), typeof(CampaignEdited), typeof(CampaignScheduled), typeof(CampaignUnscheduled), typeof(CampaignLaunched),
        typeof(AudiencePlanned), typeof(CampaignPaused), typeof(CampaignResumed), typeof(CampaignRetried), typeof(RetryPlanned),
        typeof(CampaignCancelled), typeof(CampaignCompleted), typeof(CampaignDeleted),
    };

    public static bool ReadsOrigin => false;

    public static Guid? RowOf(RecordedEvent recorded) => Takes.Contains(recorded.Data.GetType()) ? recorded.Stream.Id : null;

    public static CampaignRow? Evolve(CampaignRow? row, RecordedEvent recorded) =>
        recorded.Data switch
        {
            CampaignDrafted drafted => new(
                recorded.Stream.Profile, recorded.Stream.Id, drafted.ContentId, drafted.TemplateId, CampaignStatus.Draft, null,
                IsPlanned: false, null, 0, null, null, null, recorded.At, recorded.At, recorded.Version),
            CampaignDeleted => null,
            _ when row is null => null,
            _ => Change(row, recorded) with { UpdatedAt = recorded.At, Version = recorded.Version },
        };

    private static CampaignRow Change(CampaignRow row, RecordedEvent recorded) => recorded.Data switch
    {
        CampaignEdited edited => row with { ContentId = edited.ContentId, TemplateId = edited.TemplateId },
        CampaignScheduled scheduled => row with { Status = CampaignStatus.Scheduled, ScheduledAt = scheduled.ScheduledAt, StatusReason = null },
        CampaignUnscheduled => row with { Status = CampaignStatus.Draft, ScheduledAt = null },
        CampaignLaunched => row with { Status = CampaignStatus.Sending, StartedAt = recorded.At, StatusReason = null },
        AudiencePlanned planned => row with { IsPlanned = true, Included = planned.Included },
        CampaignRetried => row with { Status = CampaignStatus.Sending, StatusReason = null, IsPlanned = false, SentAt = null },
        RetryPlanned planned => row with { IsPlanned = true, Requeued = row.Requeued + planned.Requeued },
        CampaignPaused paused => row with { Status = CampaignStatus.Paused, StatusReason = paused.Reason },
        CampaignResumed => row with { Status = CampaignStatus.Sending, StatusReason = null },
        CampaignCancelled => row with { Status = CampaignStatus.Cancelled, StatusReason = null },
        CampaignCompleted completed => row with { Status = completed.Status, StatusReason = completed.Reason, SentAt = recorded.At },
        _ => row,
    };
}
