using MassMessaging.Campaigns;
using Npgsql;

namespace MassMessaging.Benchmarks.Rebuild;

/// <summary>A log as campaigns of a thousand recipients leave it: each queued, attempted, sent, delivered and read; written by the server itself.</summary>
public static class RebuildData
{
    public const int EventsOfOne = 5;

    private const string Members = """
        create unlogged table made as
        select i, md5('profile' || (i / 1000) % 100)::uuid as profile, md5('campaign' || i / 1000)::uuid as campaign,
               overlay(md5('member' || i) placing '7' from 13)::uuid as member, md5('client' || i)::uuid as client
        from generate_series(0, @members - 1) i
        """;

    private const string Streams = """
        insert into mt_streams (tenant_id, id, type, version, timestamp, created)
        select profile::text, member, 'audience_member', 5, @now, @now from made order by i
        """;

    private const string Events = """
        insert into mt_events (
            seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, user_name, is_archived)
        select @behind + (i / 1000) * 5000 + step * 1000 + i % 1000 + 1, gen_random_uuid(), member, step + 1,
               jsonb_build_object('campaignId', campaign) || case step
                   when 0 then jsonb_build_object('clientId', client)
                   when 1 then jsonb_build_object('messageId', client, 'slotAt', @now)
                   when 2 then jsonb_build_object('clientId', client, 'sentAt', @now, 'was', 'sending')
                   when 3 then jsonb_build_object('deliveredAt', @now, 'was', 'sent')
                   else jsonb_build_object('readAt', @now, 'was', 'delivered') end,
               (@types::text[])[step + 1], @now, profile::text, (@dotnet_types::text[])[step + 1], md5(i::text), null, 'system', false
        from made, generate_series(0, 4) step
        order by 1
        """;

    private const string Sequence = "select setval('mt_events_sequence', (select max(seq_id) from mt_events))";

    /// <param name="database">Its search path is the service's schema; the tables are there.</param>
    /// <param name="behind">The last number of the log so far.</param>
    public static async Task Load(NpgsqlDataSource database, int members, DateTimeOffset now, long behind = 0)
    {
        Type[] types = [typeof(MessageQueued), typeof(MessageAttempted), typeof(MessageSent), typeof(MessageDelivered), typeof(MessageRead)];
        await using var connection = await database.OpenConnectionAsync();
        await Run("set session_replication_role = replica"); // the rows fit together: nobody needs to look
        foreach (var sql in (string[])[Members, Streams, Events, Sequence, "drop table made", "vacuum (analyze) mt_events", "vacuum (analyze) mt_streams", "checkpoint"])
            await Run(sql);
        await Run("set session_replication_role = origin");

        async Task Run(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            if (sql.Contains("@members", StringComparison.Ordinal)) command.Parameters.AddWithValue("members", members);
            if (sql.Contains("@behind", StringComparison.Ordinal)) command.Parameters.AddWithValue("behind", behind);
            if (sql.Contains("@now", StringComparison.Ordinal)) command.Parameters.AddWithValue("now", now.ToUniversalTime());
            if (sql.Contains("@types", StringComparison.Ordinal))
            {
                command.Parameters.AddWithValue("types", (string[])["message_queued", "message_attempted", "message_sent", "message_delivered", "message_read"]);
                command.Parameters.AddWithValue("dotnet_types", types.Select(type => $"{type.FullName}, {type.Assembly.GetName().Name}").ToArray());
            }

            await command.ExecuteNonQueryAsync();
        }
    }
}
