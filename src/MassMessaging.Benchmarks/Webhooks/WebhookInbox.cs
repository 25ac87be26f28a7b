namespace MassMessaging.Benchmarks.Webhooks;

/// <summary>The service's inbox, as the database holds it.</summary>
public static class WebhookInbox
{
    /// <summary>Receipts that the counters show.</summary>
    public const string Applied = "select coalesce(sum(delivered + read), 0)::bigint from campaign_counters";

    private const string IsWaiting = "select exists (select from message where queue = 'receipts' and dead_at is null)";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    // As the service stores what it accepts.
    private const string Insert = """
        insert into message (queue, type, body, due_at, scheduled_for, sent_at, actor)
        select 'receipts', 'webhook_received',
               jsonb_build_object('instance', @instance, 'receivedAt', @now, 'body', json_build_object(
                   'event', 'messages.update', 'instance', @instance, 'data', json_build_object(
                       'messageId', md5(i::text), 'keyId', upper('3eb0' || lpad(to_hex(i), 16, '0')), 'remoteJid', '5215512345678@s.whatsapp.net',
                       'fromMe', true, 'status', case when kind = 0 then 'DELIVERY_ACK' else 'READ' end, 'instanceId', md5(@instance)))::text),
               @now, @now, @now, 'gateway'
        from generate_series(0, 1) kind, generate_series(@first, @first + @members - 1) i
        order by kind, i
        """;

    /// <summary>Two receipts of each member, as another node would have accepted them, which then wakes this one.</summary>
    public static async Task Fill(BenchmarkServer server, WebhookTarget target, int first, int members)
    {
        await server.Run(Insert, ("instance", target.Instance), ("now", TimeProvider.System.GetUtcNow().UtcDateTime), ("first", first), ("members", members));
        await server.Run("select pg_notify('wake_' || left(encode(sha256('mass_messaging'), 'hex'), 16), 'benchmark:receipts')");
    }

    /// <summary>
    /// Returns when nothing waits any more. The counters are asked meanwhile: a look through the inbox, and what was in it, takes as much of
    /// the server as handling some hundred of its messages.
    /// </summary>
    public static async Task Drained(BenchmarkServer server, long receipts)
    {
        await BenchmarkServer.Until(async () => await server.Ask<long>(Applied) >= receipts, Longest);
        await BenchmarkServer.Until(async () => !await server.Ask<bool>(IsWaiting), Longest);
    }

    /// <exception cref="InvalidOperationException">Receipts went missing, or were counted twice.</exception>
    public static async Task Check(BenchmarkServer server, long receipts)
    {
        await server.CaughtUp();
        var applied = await server.Ask<long>(Applied);
        if (applied != receipts) throw new InvalidOperationException($"{applied} of {receipts} receipts are in the counters.");
    }
}
