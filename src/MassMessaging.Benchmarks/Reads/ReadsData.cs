using Npgsql;

namespace MassMessaging.Benchmarks.Reads;

/// <param name="Clients">Of all profiles; the largest has at most 100,000, and no more than half of them.</param>
/// <param name="Profiles">Among whom the other clients are divided.</param>
/// <param name="Events">In the log.</param>
public sealed record ReadsSize(int Clients, int Profiles, int Events)
{
    public int Largest => Math.Min(100_000, Clients / 2);
}

/// <summary>
/// Clients of many profiles, and for the largest a campaign to all of them, as weeks of use would have left them; written by the server itself.
/// </summary>
public static class ReadsData
{
    // Chance that is the same in every run.
    private const string Clients = """
        insert into client (profile_id, id, name, search_name, phone, email, label, created_at, updated_at)
        select case when i <= @largest then @profile else overlay(md5('profile' || i % @profiles) placing '7' from 13)::uuid end,
               (lpad(to_hex(1750000000000 + i), 12, '0') || '7' || substr(h, 1, 3) || '8' || substr(h, 4, 15))::uuid,
               initcap(name), name, '+52' || (5500000000 + (i::bigint * 829344551) % 99999989),
               case when i % 3 > 0 then replace(name, ' ', '.') || i || '@example.com' end,
               case when i % 20 = 0 then 'afiliado' when i % 6 = 0 then 'prospecto' else 'consumidor' end, @now, @now
        from (select i, md5(i::text) as h, first[1 + mod(('x' || substr(md5(i::text), 1, 7))::bit(28)::int, 20)] || ' '
                     || last[1 + mod(('x' || substr(md5(i::text), 8, 7))::bit(28)::int, 20)] || ' '
                     || last[1 + mod(('x' || substr(md5(i::text), 15, 7))::bit(28)::int, 20)] as name
              from generate_series(1, @clients) i,
                   (select '{maria,jose,ana,luis,carmen,juan,guadalupe,francisco,rosa,pedro,sofia,miguel,lucia,jorge,elena,raul,nuria,diego,alma,ivan}'::text[] as first,
                           '{hernandez,garcia,martinez,lopez,gonzalez,perez,rodriguez,sanchez,ramirez,cruz,flores,gomez,morales,vazquez,jimenez,reyes,diaz,torres,ruiz,ibarra}'::text[] as last) names) made
        """;

    private const string Contacts = """
        insert into client_contact (profile_id, id, last_contact_at)
        select profile_id, id, @now - interval '1 day' * (row_number() over () % 90)
        from client where ('x' || right(id::text, 2))::bit(8)::int < 77
        """;

    private const string Content = """
        insert into campaign_content (profile_id, id, campaign_id, name, objective, message_content, audience, created_at)
        select @profile, content, id, 'Marzo', 'ventas', 'Hola {nombre_cliente}', '{"all":true}', @now
        from unnest(@campaigns::uuid[], @contents::uuid[]) c (id, content)
        """;

    private const string Campaigns = """
        insert into campaign (profile_id, id, content_id, status, is_planned, included, started_at, sent_at, created_at, updated_at, version)
        select @profile, id, content, 'sent', true, case when id = @campaign then @largest else 0 end, @now, @now, @now, @now, 4
        from unnest(@campaigns::uuid[], @contents::uuid[]) c (id, content)
        """;

    private const string Audience = """
        insert into campaign_audience (profile_id, id, campaign_id, client_id, whatsapp_message_id, status, attempts, queued_at, attempted_at,
                                       sent_at, delivered_at, read_at, replied_at, failed_at, version)
        select @profile, (left(replace(@campaign::text, '-', ''), 12) || '8' || substr(h, 1, 3) || '8' || substr(h, 4, 15))::uuid, @campaign, id,
               id, status, 1, @now, @now, case when status in ('sent', 'delivered', 'read') then @now end,
               case when status in ('delivered', 'read') then @now end, case when status = 'read' then @now end,
               case when status = 'read' and chance % 20 = 0 then @now end, case when status = 'failed' then @now end, 5
        from (select id, h, chance,
                     case when chance < 600 then 'read' when chance < 850 then 'delivered' when chance < 950 then 'sent'
                          when chance < 980 then 'failed' when chance < 990 then 'skipped' else 'pending' end as status
              from (select id, md5(id::text) as h, mod(('x' || substr(md5(id::text), 20, 7))::bit(28)::int, 1000) as chance
                    from client where profile_id = @profile) drawn) members
        """;

    private const string Recipients = """
        insert into campaign_recipient (profile_id, member_id, name, phone)
        select a.profile_id, a.id, c.name, c.phone
        from campaign_audience a join client c on c.profile_id = a.profile_id and c.id = a.client_id
        where a.profile_id = @profile
        """;

    private const string Messages = """
        insert into gateway_message (instance, gateway_id, profile_id, member_id, message_id, delivered_at, read_at, created_at)
        select 'benchmark', upper(md5(id::text)), profile_id, id, whatsapp_message_id, delivered_at, read_at, @now
        from campaign_audience where profile_id = @profile and sent_at is not null
        """;

    private const string Counters = """
        insert into campaign_counters (profile_id, id, total, pending, sent, delivered, read, replied, failed, skipped)
        select @profile, @campaign, count(*), count(*) filter (where status = 'pending'), count(sent_at), count(delivered_at), count(read_at),
               count(replied_at), count(failed_at), count(*) filter (where status = 'skipped')
        from campaign_audience where profile_id = @profile and campaign_id = @campaign
        """;

    private const string IndexText = "select pg_get_indexdef('client_search'::regclass)";

    /// <summary>The id of the campaign to all clients of the profile, among 200 others.</summary>
    /// <param name="database">Its search path is the service's schema.</param>
    /// <param name="profile">Gets the most clients.</param>
    public static async Task<Guid> Load(NpgsqlDataSource database, Guid profile, ReadsSize size, DateTimeOffset now)
    {
        var campaigns = Enumerable.Range(0, 200).Select(made => Guid.CreateVersion7(now.AddMinutes(-made))).ToArray();
        var parameters = new Dictionary<string, object>
        {
            ["profile"] = profile, ["now"] = now.ToUniversalTime(), ["clients"] = size.Clients, ["largest"] = size.Largest, ["profiles"] = size.Profiles,
            ["campaigns"] = campaigns, ["contents"] = campaigns.Select(_ => Guid.NewGuid()).ToArray(), ["campaign"] = campaigns[20],
        };

        // An index is built faster than it grows.
        await using (var command = database.CreateCommand(IndexText))
        {
            var index = (string)(await command.ExecuteScalarAsync())!;
            await Run(database, "drop index client_search", []);
            await Run(database, Clients, parameters);
            await Run(database, index, []);
        }

        foreach (var text in (string[])[Contacts, Content, Campaigns, Audience, Recipients, Messages, Counters]) await Run(database, text, parameters);
        foreach (var table in (string[])["client", "client_contact", "client_count", "campaign", "campaign_content", "campaign_audience", "campaign_recipient", "gateway_message", "campaign_counters"])
            await Run(database, $"vacuum (analyze) {table}", []);
        await Run(database, "checkpoint", []); // gigabytes that the loading left to be written
        return campaigns[20];
    }

    private static async Task Run(NpgsqlDataSource database, string text, Dictionary<string, object> parameters)
    {
        await using var command = database.CreateCommand(text);
        command.CommandTimeout = 0;
        foreach (var (name, value) in parameters.Where(parameter => text.Contains($"@{parameter.Key}", StringComparison.Ordinal)))
            command.Parameters.AddWithValue(name, value);
        await command.ExecuteNonQueryAsync();
    }
}
