using System.Text.Json;
using MassMessaging.Campaigns.Views;

namespace MassMessaging.Campaigns;

/// <summary>Rows of view <c>campaign-variant-counters</c> as one JSON object by key, the way PostgreSQL writes them.</summary>
public static class VariantFigures
{
    private static readonly JsonSerializerOptions Columns = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Dictionary<string, CampaignCounters> Read(string json) =>
        JsonSerializer.Deserialize<Dictionary<string, CampaignCounters>>(json, Columns) ?? [];
}
