using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Launching;

/// <summary>Writes, with the launch, what is the same for every recipient: message, advisor and business as they are now.</summary>
public static class Freeze
{
    private const string Insert = """
        insert into campaign_frozen
            (profile_id, campaign_id, message_content, advisor_name, advisor_phone, business_name, time_zone, identification_text, variants)
        select c.profile_id, c.id, t.message_content, p.display_name, coalesce(p.phone, ''), coalesce(p.business_name, ''), p.time_zone,
               case when p.identification_enabled then p.identification_text end, t.variants
        from campaign c
        join campaign_content t on t.profile_id = c.profile_id and t.id = c.content_id
        join profile p on p.id = c.profile_id
        where c.profile_id = @profile and c.id = @campaign
        on conflict do nothing -- of two launches at once, one is refused at its commit
        """;

    private const string OpenLane = "insert into lane (profile_id, next_at) values (@profile, @now) on conflict do nothing";

    public static Task Launch(ISession session, StreamKey campaign, CancellationToken ct)
    {
        session.AtCommit(Insert, ("profile", campaign.Profile), ("campaign", campaign.Id));
        session.AtCommit(OpenLane, ("profile", campaign.Profile), ("now", session.Now));
        return WhatsAppConfig.Ensure(session, campaign.Profile, ct);
    }
}
