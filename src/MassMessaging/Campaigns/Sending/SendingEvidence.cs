using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// Meta gives back in every status what we wrote into the message: member and attempt. So a message whose own answer was lost is known
/// again by its first status, and needs no search and no person.
/// </summary>
public static class SendingEvidence
{
    // Only who waits for an answer: all others are known by the gateway's id already. Whose number the status came for says whose member.
    private const string Awaited = """
        select r.instance, r.gateway_id, a.profile_id, a.id, a.whatsapp_message_id
        from unnest(@instances::text[], @ids::text[], @members::uuid[], @messages::uuid[]) as r (instance, gateway_id, member_id, message_id)
        join whatsapp_instance i on i.instance = r.instance
        join campaign_audience a on a.profile_id = i.profile_id and a.id = r.member_id
        where (a.status in ('sending', 'in_doubt') and a.whatsapp_message_id = r.message_id)
           or (a.status = 'in_doubt' and a.reason = 'restored') -- the attempt was lost with the database: it was this one
        """;

    /// <summary>64 hexadecimal digits, and no personal data.</summary>
    public static string ReferenceTo(Permit permit) => $"{permit.Member.Id:n}{permit.MessageId:n}";

    public static async Task<List<AcceptedMessage>> Of(ISession session, IReadOnlyList<ReceiptArrived> receipts, CancellationToken ct)
    {
        var named = receipts.Select(receipt => (Receipt: receipt, Named: Read(receipt.Reference))).Where(each => each.Named is not null)
            .DistinctBy(each => (each.Receipt.Instance, each.Receipt.GatewayMessageId)).ToList();
        if (named.Count == 0) return [];

        return await session.Query(
            Awaited, row => new AcceptedMessage(row.GetString(0), row.GetString(1), new StreamKey(row.GetGuid(2), row.GetGuid(3)), row.GetGuid(4)), ct,
            ("instances", named.ConvertAll(each => each.Receipt.Instance).ToArray()),
            ("ids", named.ConvertAll(each => each.Receipt.GatewayMessageId).ToArray()),
            ("members", named.ConvertAll(each => each.Named!.Value.Member).ToArray()),
            ("messages", named.ConvertAll(each => each.Named!.Value.Message).ToArray()));
    }

    public static (Guid Member, Guid Message)? Read(string? reference) =>
        reference is { Length: 64 } && Guid.TryParseExact(reference[..32], "N", out var member) && Guid.TryParseExact(reference[32..], "N", out var message)
            ? (member, message)
            : null;
}
