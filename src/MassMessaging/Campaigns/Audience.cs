using System.Text.Json;
using MassMessaging.Http;

namespace MassMessaging.Campaigns;

/// <summary>To whom a campaign goes: the union of the includes (all, ids, labels, without contact) minus the excludes.</summary>
/// <param name="WithoutContactDays">Includes who was never written to, or not for that many days.</param>
/// <param name="ExcludeCampaignIds">Leaves out who is in the audience of one of these.</param>
/// <param name="NotContactedSince">Leaves out who was written to at that time or later.</param>
public sealed record AudienceSpec(
    bool All, IReadOnlyList<Guid> ClientIds, IReadOnlyList<string> Labels, int? WithoutContactDays,
    IReadOnlyList<Guid> ExcludeClientIds, IReadOnlyList<Guid> ExcludeCampaignIds, DateTimeOffset? NotContactedSince)
{
    public const int MostClients = 100_000;
    public const int MostCampaigns = 100;
    public const int MostDays = 36_500;

    private static readonly string[] KnownLabels = ["consumidor", "prospecto", "afiliado"];

    public static AudienceSpec Nobody { get; } = new(All: false, [], [], null, [], [], null);

    /// <summary>Names every wrong field in <paramref name="audience"/>; null is nobody.</summary>
    public static AudienceSpec Read(Fields? audience)
    {
        if (audience is null) return Nobody;

        var labels = audience.Texts("labels", KnownLabels.Length, 20) ?? [];
        if (labels.Except(KnownLabels).Any()) audience.Wrong("labels", $"must be of {string.Join(", ", KnownLabels)}");
        return new(
            audience.Flag("all") ?? false,
            audience.Ids("clientIds", MostClients) ?? [],
            labels,
            audience.Whole("withoutContactDays", 0, MostDays),
            audience.Ids("excludeClientIds", MostClients) ?? [],
            audience.Ids("excludeCampaignIds", MostCampaigns) ?? [],
            audience.Time("notContactedSince"));
    }

    /// <summary>The form of column <c>campaign_content.audience</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonConventions.Options);

    public static AudienceSpec FromJson(string json) => JsonSerializer.Deserialize<AudienceSpec>(json, JsonConventions.Options) ?? Nobody;
}
