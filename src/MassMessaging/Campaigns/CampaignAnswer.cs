using System.Text.Json.Serialization;
using MassMessaging.Campaigns.Views;
using MassMessaging.Templates;

namespace MassMessaging.Campaigns;

/// <summary>A campaign as the API shows it. At every instant Total = Pending + Sent + Failed + Skipped + InDoubt.</summary>
/// <param name="StatusReason">Why it stands there: of a pause or an end, <c>launching</c>, <c>retrying</c>, <c>in-doubt</c>, or what holds its lane or all who wait.</param>
/// <param name="HeldUntil">When it goes on by itself, if that is known.</param>
/// <param name="SentAt">When its last member was settled.</param>
/// <param name="MessageContent">Of a campaign with variants nobody is sent this: each gets a variant's.</param>
/// <param name="Media">Null for now.</param>
/// <param name="Variants">Null when the campaign has one message for all.</param>
public sealed record CampaignAnswer(
    Guid Id, Guid ProfileId, Guid? TemplateId, string Name, string Objective, string MessageContent,
    long TotalRecipients, long SentCount, long DeliveredCount, long ReadCount, long RepliedCount,
    long FailedCount, long SkippedCount, long InDoubtCount, long PendingCount,
    CampaignStatus Status, string? StatusReason, DateTimeOffset? HeldUntil,
    DateTimeOffset? ScheduledAt, DateTimeOffset? StartedAt, DateTimeOffset? SentAt,
    MetaTemplate? MetaTemplate, object? Media, IReadOnlyList<VariantAnswer>? Variants, IReadOnlyList<TextWarning> Warnings,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <param name="row">Its status.</param>
    /// <param name="text">The version of its content that the row names.</param>
    /// <param name="counters">Of everybody.</param>
    /// <param name="hold">Of the profile's lane, or of all who wait in this campaign.</param>
    /// <param name="now">Whether a hold is over is judged by this.</param>
    /// <param name="byVariant">Counters by the variant's key; those that count nobody yet are missing.</param>
    public static CampaignAnswer Of(
        CampaignRow row, CampaignText text, CampaignCounters counters, LaneHold? hold, DateTimeOffset now,
        IReadOnlyDictionary<string, CampaignCounters>? byVariant = null)
    {
        var status = Shown(row, counters, text.Variants is null ? null : byVariant?.Values ?? []);
        var (reason, heldUntil) = Reason(row, status, counters, hold, now);
        var settled = status == CampaignStatus.Cancelled ? Settle(counters) : counters;
        return new(
            row.Id, row.ProfileId, row.TemplateId, text.Name, text.Objective, text.MessageContent,
            settled.Total, settled.Sent, settled.Delivered, settled.Read, settled.Replied,
            settled.Failed, settled.Skipped, settled.InDoubt, settled.Pending,
            status, reason, heldUntil, row.ScheduledAt, row.StartedAt, status == row.Status ? row.SentAt : null,
            text.MetaTemplate, null,
            text.Variants?.Select((variant, place) => VariantAnswer.Of(
                variant, byVariant?.GetValueOrDefault(Campaigns.Variants.Key(place)) is { } own
                    ? status == CampaignStatus.Cancelled ? Settle(own) : own
                    : new CampaignCounters(row.ProfileId, row.Id))).ToList(),
            text.Warnings(), row.CreatedAt, row.UpdatedAt);
    }

    /// <summary>Nothing about it changes by sending any more; receipts still move its counters.</summary>
    [JsonIgnore]
    public bool IsFinal => Status is CampaignStatus.Sent or CampaignStatus.Failed or CampaignStatus.Cancelled;

    /// <summary>Counters follow the log by a moment: until they have caught up, a completed campaign is still shown as sending.</summary>
    private static CampaignStatus Shown(
        CampaignRow row, CampaignCounters counters, IEnumerable<CampaignCounters>? byVariant) => row.Status switch
        {
            CampaignStatus.Sent or CampaignStatus.Failed when IsBehind(row, counters) || (byVariant is not null && IsBehind(row, Sum(byVariant))) =>
                CampaignStatus.Sending,
            _ => row.Status,
        };

    private static bool IsBehind(CampaignRow row, CampaignCounters counters) =>
        counters.Pending > 0 || counters.Total < (row.Included ?? 0) || counters.Requeued < row.Requeued;

    private static CampaignCounters Sum(IEnumerable<CampaignCounters> all) => all.Aggregate(
        new CampaignCounters(Guid.Empty, Guid.Empty),
        (sum, one) => sum with { Pending = sum.Pending + one.Pending, Total = sum.Total + one.Total, Requeued = sum.Requeued + one.Requeued });

    private static (string? Reason, DateTimeOffset? HeldUntil) Reason(
        CampaignRow row, CampaignStatus shown, CampaignCounters counters, LaneHold? hold, DateTimeOffset now) => (row, hold) switch
        {
            _ when shown != row.Status => (null, null),
            ({ StatusReason: "in-doubt" }, _) when counters.InDoubt == 0 => (null, null), // settled since
            ({ StatusReason: { } reason }, _) => (reason, null),
            _ when shown != CampaignStatus.Sending => (null, null),
            ({ IsPlanned: false, Included: null }, _) => ("launching", null),
            ({ IsPlanned: false }, _) => ("retrying", null),
            (_, { Until: { } until }) when until <= now => (null, null),
            (_, { } held) => (held.By, held.Until),
            _ => (null, null),
        };

    /// <summary>A cancelled campaign waits for nobody: who was not attempted is left out, what was in flight may have arrived.</summary>
    private static CampaignCounters Settle(CampaignCounters counters) => counters with
    {
        Skipped = counters.Skipped + counters.Pending - counters.InFlight,
        InDoubt = counters.InDoubt + counters.InFlight,
        Pending = 0,
        InFlight = 0,
    };
}

/// <summary>What the advisor wrote: the version of table campaign_content that the campaign names.</summary>
/// <param name="Identification">The profile's line under first messages; null when it is switched off.</param>
public sealed record CampaignText(
    string Name, string Objective, string MessageContent, MetaTemplate? MetaTemplate = null, IReadOnlyList<Variant>? Variants = null,
    string? Identification = null)
{
    /// <summary>About every text that somebody may read, text by text.</summary>
    public IReadOnlyList<TextWarning> Warnings()
    {
        var messages = Variants?.SelectMany(variant => Message(variant.MessageContent, $"variant:{variant.Name}")) ?? Message(MessageContent, null);
        return [.. messages, .. About(Identification ?? "", "identification")];
    }

    private IEnumerable<TextWarning> Message(string text, string? source) =>
        About(text, source).Concat(IdentificationLine.Warnings(text, Identification, source));

    private static IEnumerable<TextWarning> About(string text, string? source) =>
        MessageText.Warnings(text).Select(warning => warning with { Source = source });
}

/// <summary>What keeps the profile's lane from granting slots; <paramref name="Until"/> null: until somebody ends it.</summary>
public sealed record LaneHold(string By, DateTimeOffset? Until);
