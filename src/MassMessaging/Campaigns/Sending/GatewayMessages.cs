using System.Data.Common;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>A message at the gateway, as outcome and receipts have told so far.</summary>
public sealed record GatewayMessage(
    string Instance, string GatewayId, StreamKey? Member, Guid MessageId, DateTimeOffset? DeliveredAt, DateTimeOffset? ReadAt, DateTimeOffset? FailedAt, string? FailedCode)
{
    /// <summary>What the receipts say, weakest first.</summary>
    public IEnumerable<(ReceiptKind Kind, DateTimeOffset At)> Receipts()
    {
        if (FailedAt is { } failed) yield return (ReceiptKind.Failed, failed);
        if (DeliveredAt is { } delivered) yield return (ReceiptKind.Delivered, delivered);
        if (ReadAt is { } read) yield return (ReceiptKind.Read, read);
    }
}

/// <summary>An attempt that the gateway took, under the id that it gave.</summary>
public sealed record AcceptedMessage(string Instance, string GatewayId, StreamKey Member, Guid MessageId);

/// <summary>
/// The meeting place of outcomes and receipts: both upsert the same row, so whichever commits second sees the other. Both lock it before
/// the members' streams, in key order; a receipt that finds its member named there changes and locks nothing.
/// </summary>
public static class GatewayMessages
{
    private const string Name = """
        insert into gateway_message as g (instance, gateway_id, profile_id, member_id, message_id, created_at)
        select instance, gateway_id, profile_id, member_id, message_id, @now
        from unnest(@instances::text[], @ids::text[], @profiles::uuid[], @members::uuid[], @messages::uuid[])
            as m (instance, gateway_id, profile_id, member_id, message_id)
        order by instance, gateway_id
        on conflict (instance, gateway_id) do update
            set profile_id = excluded.profile_id, member_id = excluded.member_id, message_id = excluded.message_id
        returning instance, gateway_id, profile_id, member_id, message_id, delivered_at, read_at, failed_at, failed_code
        """;

    private const string NameAside = """
        insert into gateway_message (instance, gateway_id, message_id, created_at) values (@instance, @id, @message, @now)
        on conflict (instance, gateway_id) do update set message_id = excluded.message_id
        """;

    // Lateral with offset 0 keeps to one probe by primary key a message.
    private const string Named = """
        select g.instance, g.gateway_id, g.profile_id, g.member_id, g.message_id, g.delivered_at, g.read_at, g.failed_at, g.failed_code
        from unnest(@instances::text[], @ids::text[]) as r (instance, gateway_id)
        cross join lateral (select * from gateway_message own where own.instance = r.instance and own.gateway_id = r.gateway_id offset 0) g
        where g.member_id is not null
        """;

    private const string Park = """
        insert into gateway_message as g (instance, gateway_id, delivered_at, read_at, failed_at, failed_code, created_at)
        select instance, gateway_id, min(at) filter (where kind = 'Delivered'), min(at) filter (where kind = 'Read'),
               min(at) filter (where kind = 'Failed'), min(code) filter (where kind = 'Failed'), @now
        from unnest(@instances::text[], @ids::text[], @kinds::text[], @ats::timestamptz[], @codes::text[]) as r (instance, gateway_id, kind, at, code)
        group by instance, gateway_id
        order by instance, gateway_id
        on conflict (instance, gateway_id) do update set
            delivered_at = coalesce(g.delivered_at, excluded.delivered_at), read_at = coalesce(g.read_at, excluded.read_at),
            failed_at = coalesce(g.failed_at, excluded.failed_at), failed_code = coalesce(g.failed_code, excluded.failed_code)
        returning instance, gateway_id, profile_id, member_id, message_id, delivered_at, read_at, failed_at, failed_code
        """;

    /// <summary>Writes which member each accepted message is; answers the receipts that came first.</summary>
    public static Task<List<GatewayMessage>> Accept(
        ISession session, IReadOnlyCollection<AcceptedMessage> accepted, CancellationToken ct) =>
        session.Query(
            Name, Read, ct, ("now", session.Now), ("instances", accepted.Select(one => one.Instance).ToArray()),
            ("ids", accepted.Select(one => one.GatewayId).ToArray()), ("profiles", accepted.Select(one => one.Member.Profile).ToArray()),
            ("members", accepted.Select(one => one.Member.Id).ToArray()), ("messages", accepted.Select(one => one.MessageId).ToArray()));

    /// <summary>A message outside of campaigns: its receipts change nothing, and it is no evidence of any other.</summary>
    public static Task Aside(ISession session, string instance, string gatewayId, Guid messageId, CancellationToken ct) => session.Sql(
        NameAside, ct, ("now", session.Now), ("instance", instance), ("id", gatewayId), ("message", messageId));

    /// <summary>
    /// Whose messages receipts are about. Those that nobody has claimed yet are parked; of the others the row needs to know nothing, since
    /// it names its member for good.
    /// </summary>
    public static async Task<List<GatewayMessage>> Receive(
        ISession session, IReadOnlyCollection<ReceiptArrived> receipts, CancellationToken ct)
    {
        var messages = await session.Query(
            Named, Read, ct, ("instances", receipts.Select(one => one.Instance).ToArray()), ("ids", receipts.Select(one => one.GatewayMessageId).ToArray()));
        var named = messages.Select(message => (message.Instance, message.GatewayId)).ToHashSet();
        var strange = receipts.Where(one => !named.Contains((one.Instance, one.GatewayMessageId))).ToList();
        if (strange.Count > 0) messages.AddRange(await Parked(session, strange, ct));
        return messages;
    }

    private static Task<List<GatewayMessage>> Parked(ISession session, List<ReceiptArrived> receipts, CancellationToken ct) =>
        session.Query(
            Park, Read, ct, ("now", session.Now), ("instances", receipts.Select(one => one.Instance).ToArray()),
            ("ids", receipts.Select(one => one.GatewayMessageId).ToArray()), ("kinds", receipts.Select(one => one.Kind.ToString()).ToArray()),
            ("ats", receipts.Select(one => one.At).ToArray()), ("codes", receipts.Select(one => one.Code).ToArray()));

    private static GatewayMessage Read(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.IsDBNull(3) ? null : new StreamKey(row.GetGuid(2), row.GetGuid(3)),
        row.IsDBNull(4) ? Guid.Empty : row.GetGuid(4), Time(row, 5), Time(row, 6), Time(row, 7), row.IsDBNull(8) ? null : row.GetString(8));

    private static DateTimeOffset? Time(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
