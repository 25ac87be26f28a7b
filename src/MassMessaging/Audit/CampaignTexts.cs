using System.Data.Common;
using MassMessaging.Campaigns;
using MassMessaging.Campaigns.Views;
using MassMessaging.Kernel;
using MassMessaging.Templates;

namespace MassMessaging.Audit;

/// <summary>What a past row's texts were: events name versions of them, which lie beside the log and go with a deleted draft.</summary>
internal static class CampaignTexts
{
    private const string Erased = "[erased]";

    private const string Select = """
        select t.name, t.objective, t.message_content, t.meta_template, t.variants,
               (select p.id from campaign_template p where p.profile_id = @profile and p.id = @template) as template_id,
               (select case when identification_enabled then identification_text end from profile where id = @profile) as identification_text
        from campaign_content t
        where t.profile_id = @profile and t.id = @content
        """;

    public static async Task<(CampaignText Text, Guid? TemplateId)> Of(IStore store, CampaignRow row, CancellationToken ct)
    {
        var found = await store.Query(
            Select, Read, ct, ("profile", row.ProfileId), ("content", row.ContentId), ("template", row.TemplateId ?? Guid.Empty));
        return found.Count == 1 ? found[0] : (new CampaignText(Erased, Erased, Erased), null);
    }

    private static (CampaignText, Guid?) Read(DbDataReader row) => (
        new CampaignText(
            row.Text("name"), row.Text("objective"), row.Text("message_content"),
            row.TextOrNull("meta_template") is { } meta ? MetaTemplate.FromJson(meta) : null,
            Variants.FromJson(row.TextOrNull("variants")), row.TextOrNull("identification_text")),
        row.IdOrNull("template_id"));
}
