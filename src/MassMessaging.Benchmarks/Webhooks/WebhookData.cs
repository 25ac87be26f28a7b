using MassMessaging.Campaigns;

namespace MassMessaging.Benchmarks.Webhooks;

/// <param name="Instance">Of the profile, and its secret known.</param>
/// <param name="Secret">That its webhooks show.</param>
public sealed record WebhookTarget(Guid Profile, string Instance, string Secret);

/// <summary>
/// Members whose messages the gateway took, numbered, in campaigns of five thousand: each may be told to be delivered, and to be read.
/// Written by the server itself.
/// </summary>
public static class WebhookData
{
    // As MemberId: the time of the campaign's id, then what is random.
    private const string Members = """
        create unlogged table taken as
        select i, (left(campaign, 8) || '-' || substr(campaign, 9, 4) || '-8' || substr(h, 1, 3) || '-8' || substr(h, 4, 3) || '-' || substr(h, 8, 12))::uuid as member,
               (left(campaign, 12) || '7' || substr(campaign, 13, 3) || '8' || substr(campaign, 16, 15))::uuid as campaign,
               md5('client' || h)::uuid as client, md5('message' || h)::uuid as message
        from (select i, md5('receipts' || i) as h, lpad(to_hex(1750000000000 + i / 5000), 12, '0') || md5('campaign' || i / 5000) as campaign
              from generate_series(@first, @first + @members - 1) i) drawn
        """;

    private const string Streams = """
        insert into mt_streams (tenant_id, id, type, version, timestamp, created)
        select @profile::text, member, 'audience_member', 3, @now, @now from taken order by i
        """;

    private const string Events = """
        insert into mt_events (
            seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, user_name, is_archived)
        select nextval('mt_events_sequence'), gen_random_uuid(), member, version, data, type, @now, @profile::text, (@dotnet_types::text[])[version],
               md5(i::text), null, 'system', false
        from (
            select i, member, step as version, (@types::text[])[step] as type,
                   jsonb_build_object('campaignId', campaign) || case step
                       when 1 then jsonb_build_object('clientId', client, 'label', 'consumidor')
                       when 2 then jsonb_build_object('messageId', message, 'slotAt', @now, 'label', 'consumidor')
                       else jsonb_build_object('clientId', client, 'sentAt', @now, 'was', 'sending', 'label', 'consumidor', 'slotAt', @now) end as data
            from taken, generate_series(1, 3) step
            order by step, i) written
        """;

    private const string Audience = """
        insert into campaign_audience (
            profile_id, id, campaign_id, client_id, whatsapp_message_id, status, attempts, queued_at, attempted_at, sent_at, version, label)
        select @profile, member, campaign, client, message, 'sent', 1, @now, @now, @now, 3, 'consumidor' from taken order by i
        """;

    private const string Messages = """
        insert into gateway_message (instance, gateway_id, profile_id, member_id, message_id, created_at)
        select @instance, upper('3eb0' || lpad(to_hex(i), 16, '0')), @profile, member, message, @now from taken order by i
        """;

    private static readonly string[] types = ["message_queued", "message_attempted", "message_sent"];

    /// <summary>The service stands still: its views begin behind these events.</summary>
    /// <param name="first">Number of the first member; those before it are there.</param>
    public static async Task Load(BenchmarkServer server, WebhookTarget target, int first, int members, DateTimeOffset now)
    {
        Type[] records = [typeof(MessageQueued), typeof(MessageAttempted), typeof(MessageSent)];
        var args = new Dictionary<string, object>
        {
            ["now"] = now.ToUniversalTime(), ["first"] = first, ["members"] = members, ["profile"] = target.Profile, ["instance"] = target.Instance,
            ["types"] = types, ["dotnet_types"] = records.Select(record => $"{record.FullName}, {record.Assembly.GetName().Name}").ToArray(),
        };
        foreach (var sql in (string[])[Members, Streams, Events, Audience, Messages, "drop table taken"])
            await server.Run(sql, [.. args.Where(arg => sql.Contains($"@{arg.Key}", StringComparison.Ordinal)).Select(arg => (arg.Key, arg.Value))]);
        foreach (var table in (string[])["mt_streams", "mt_events", "campaign_audience", "gateway_message"]) await server.Run($"vacuum (analyze) {table}");
        await server.SkipToEnd();
    }
}
