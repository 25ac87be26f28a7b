using MassMessaging.Campaigns;

namespace MassMessaging.Benchmarks.Sending;

/// <param name="Lanes">Profiles, each with an instance.</param>
/// <param name="Members">Of each campaign.</param>
/// <param name="Rounds">Campaigns of each lane.</param>
public sealed record SendingSize(int Lanes, int Members, int Rounds)
{
    public int Messages => Lanes * Members;
}

/// <summary>
/// Campaigns that are launched and planned, as a launch leaves them, and wait for their round. No rate binds: 100,000 in a minute, at once.
/// Written by the server itself.
/// </summary>
public static class SendingData
{
    private const string Profiles = """
        insert into profile (
            id, user_id, display_name, slug, country, time_zone, language, identification_enabled, identification_text,
            assistant_specialties, assistant_banned_terms, version, created_at, updated_at)
        select md5('lane' || i)::uuid, md5('user' || i)::uuid, 'Ana López', 'lane-' || i, 'MX', 'America/Mexico_City', 'es', true,
               'Soy {nombre_asesor}', '{}', '{}', 1, @now, @now
        from generate_series(1, @lanes) i
        """;

    private const string Configs = """
        insert into whatsapp_config (profile_id, gateway, instance, state, state_since, was_open, created_at, updated_at)
        select md5('lane' || i)::uuid, 'evolution', 'lane-' || i, 'open', @now, true, @now, @now from generate_series(1, @lanes) i
        """;

    private const string Pacing = """
        insert into whatsapp_pacing (profile_id, messages, per_seconds, spread, jitter, policies, updated_at)
        select md5('lane' || i)::uuid, 100000, 60, false, 0,
               '{"replyLane":false,"breaker":{"minSample":20,"failedRatio":0.5,"coolDownSeconds":300}}', @now
        from generate_series(1, @lanes) i
        """;

    private const string Lanes = "insert into lane (profile_id, next_at) select md5('lane' || i)::uuid, @now from generate_series(1, @lanes) i";

    private const string Campaigns = """
        create unlogged table made_campaign as
        select md5('lane' || i)::uuid as profile, round,
               (lpad(to_hex(1750000000000 + round * 10000 + i), 12, '0') || '7' || substr(h, 1, 3) || '8' || substr(h, 4, 15))::uuid as campaign,
               md5('content' || h)::uuid as content
        from (select i, round, md5('campaign' || round || '/' || i) as h from generate_series(1, @lanes) i, generate_series(1, @rounds) round) ids
        """;

    // As MemberId: the time of the campaign's id, then what is random.
    private const string Members = """
        create unlogged table made as
        select profile, campaign, round,
               (left(replace(campaign::text, '-', ''), 12) || '8' || substr(h, 1, 3) || '8' || substr(h, 4, 15))::uuid as member,
               (left(replace(campaign::text, '-', ''), 12) || '7' || substr(h, 18, 3) || '8' || substr(h, 10, 15))::uuid as client,
               '+52' || (5500000000 + (row_number() over () * 829344551) % 99999989) as phone
        from (select *, md5(campaign::text || m) as h from made_campaign, generate_series(1, @members) m) drawn
        """;

    private const string Contents = """
        insert into campaign_content (profile_id, id, campaign_id, name, objective, message_content, audience, created_at)
        select profile, content, campaign, 'Marzo', 'ventas', 'Hola {nombre_cliente}', '{"all":true}', @now from made_campaign
        """;

    private const string Frozen = """
        insert into campaign_frozen (profile_id, campaign_id, message_content, advisor_name, advisor_phone, business_name, time_zone, identification_text)
        select profile, campaign, 'Hola {nombre_cliente}, soy {nombre_asesor}.', 'Ana López', '+525512345678', '', 'America/Mexico_City',
               'Soy {nombre_asesor}'
        from made_campaign
        """;

    private const string CampaignRows = """
        insert into campaign (profile_id, id, content_id, status, is_planned, included, started_at, created_at, updated_at, version)
        select profile, campaign, content, 'paused', true, @members, @now, @now, @now, 3 from made_campaign
        """;

    private const string Clients = """
        insert into client (profile_id, id, name, search_name, phone, label, created_at, updated_at)
        select profile, client, 'María García', 'maria garcia', phone, 'consumidor', @now, @now from made
        """;

    private const string Audience = """
        insert into campaign_audience (profile_id, id, campaign_id, client_id, status, attempts, queued_at, version, label)
        select profile, member, campaign, client, 'pending', 0, @now, 1, 'consumidor' from made order by profile, member
        """;

    private const string Recipients = """
        insert into campaign_recipient (profile_id, member_id, name, phone) select profile, member, 'María García', phone from made
        """;

    private const string Streams = """
        insert into mt_streams (tenant_id, id, type, version, timestamp, created)
        select profile::text, campaign, 'campaign', 3, @now, @now from made_campaign
        union all
        select profile::text, member, 'audience_member', 1, @now, @now from made
        """;

    private const string Events = """
        insert into mt_events (
            seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, user_name, is_archived)
        select nextval('mt_events_sequence'), gen_random_uuid(), stream, version, data, (@types::text[])[type], @now, profile::text,
               (@dotnet_types::text[])[type], md5(stream::text), null, 'system', false
        from (
            select profile, campaign as stream, step as version, step as type, case step
                       when 1 then jsonb_build_object('contentId', content)
                       when 2 then jsonb_build_object('contentId', content)
                       else jsonb_build_object('included', @members, 'excluded', 0) end as data
            from made_campaign, generate_series(1, 3) step
            union all
            select profile, member, 1, 4, jsonb_build_object('campaignId', campaign, 'clientId', client, 'label', 'consumidor') from made) written
        """;

    private static readonly string[] tables =
    [
        "profile", "whatsapp_config", "whatsapp_pacing", "lane", "campaign_content", "campaign_frozen", "campaign", "client", "campaign_audience",
        "campaign_recipient", "mt_streams", "mt_events",
    ];

    /// <summary>The tables are there; the service may be running.</summary>
    public static async Task Load(BenchmarkServer server, SendingSize size, DateTimeOffset now)
    {
        Type[] types = [typeof(CampaignDrafted), typeof(CampaignLaunched), typeof(AudiencePlanned), typeof(MessageQueued)];
        var args = new Dictionary<string, object>
        {
            ["now"] = now.ToUniversalTime(), ["lanes"] = size.Lanes, ["members"] = size.Members, ["rounds"] = size.Rounds,
            ["types"] = (string[])["campaign_drafted", "campaign_launched", "audience_planned", "message_queued"],
            ["dotnet_types"] = types.Select(type => $"{type.FullName}, {type.Assembly.GetName().Name}").ToArray(),
        };
        await server.Run("drop index client_search; drop trigger client_added on client"); // nobody searches, nobody counts
        foreach (var sql in (string[])
            [Profiles, Configs, Pacing, Lanes, Campaigns, Members, Contents, Frozen, CampaignRows, Clients, Audience, Recipients, Streams, Events])
            await server.Run(sql, [.. args.Where(arg => sql.Contains($"@{arg.Key}", StringComparison.Ordinal)).Select(arg => (arg.Key, arg.Value))]);
        foreach (var table in tables) await server.Run($"vacuum (analyze) {table}");
        await server.Run("checkpoint");
    }
}
