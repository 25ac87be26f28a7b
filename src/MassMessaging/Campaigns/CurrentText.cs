using MassMessaging.Campaigns.Sending;
using MassMessaging.Kernel;
using MassMessaging.Templates;

namespace MassMessaging.Campaigns;

/// <summary>What a launch now would freeze for all recipients alike: previews and test messages read as the real ones will.</summary>
public static class CurrentText
{
    private const string Select = """
        select t.message_content, p.display_name, coalesce(p.phone, ''), coalesce(p.business_name, ''), p.time_zone,
               case when p.identification_enabled then p.identification_text end as identification_text, t.variants, t.meta_template
        from campaign c
        join campaign_content t on t.profile_id = c.profile_id and t.id = c.content_id
        join profile p on p.id = c.profile_id
        where c.profile_id = @profile and c.id = @campaign
        """;

    /// <summary>Null when there is no such campaign of the profile.</summary>
    public static async Task<FrozenText?> Of(ISession session, StreamKey campaign, CancellationToken ct) => (await session.Query(
        Select,
        row => new FrozenText(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
            row.TextOrNull("identification_text"), Variants.FromJson(row.TextOrNull("variants")),
            row.TextOrNull("meta_template") is { } meta ? MetaTemplate.FromJson(meta) : null),
        ct, ("profile", campaign.Profile), ("campaign", campaign.Id))).SingleOrDefault();
}
