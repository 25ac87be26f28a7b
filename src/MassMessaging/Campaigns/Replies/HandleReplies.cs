using System.Security.Cryptography;
using System.Text;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Clients;
using MassMessaging.Clients.Consent;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Replies;

/// <summary>
/// What clients write: kept with the campaign they answer, counted once a person, and honoured at once if it asks to be left alone. The
/// same message told again changes nothing.
/// </summary>
public sealed class HandleReplies(ClientConsent consent) : IHandle<ReplyArrived>
{
    private const string Keep = """
        insert into campaign_reply (profile_id, id, campaign_id, member_id, client_id, text, at, gateway_id)
        select profile_id, id, campaign_id, member_id, client_id, text, at, gateway_id
        from unnest(
            @profiles::uuid[], @ids::uuid[], @campaigns::uuid[], @members::uuid[], @clients::uuid[], @texts::text[], @ats::timestamptz[],
            @gateway_ids::text[]) as r (profile_id, id, campaign_id, member_id, client_id, text, at, gateway_id)
        order by profile_id, gateway_id
        on conflict do nothing
        returning id
        """;

    public async Task Handle(IReadOnlyList<ReplyArrived> messages, ISession session, CancellationToken ct)
    {
        foreach (var profile in messages.Select(message => message.Message.Profile).Distinct().Order())
            await ErasureLock.Share(session, profile, ct); // nothing is written about a client behind an erasure's back

        var replies = await RepliedMembers.Of(session, [.. messages.Select(message => message.Message)], ct);
        await ConsentWords.LockAhead(session, replies, ct);
        await ReplyLane.Wrote(session, [.. replies.Select(reply => (reply.Message.Profile, reply.ClientId, reply.Message.At))], ct);
        var kept = await KeepNew(session, [.. replies.Where(reply => reply.Member is not null)], ct);
        await ConsentWords.Act(session, [.. replies.Where(reply => reply.Member is null || kept.Contains(reply))], consent, ct);

        var members = await MemberChanges.Load(session, kept.Select(reply => reply.Member!.Value), ct);
        foreach (var reply in kept) members.Apply(reply.Member!.Value, member => RecordReply.Decide(member, reply.Message.At));
        members.Append(session);
    }

    /// <summary>Those that are told for the first time.</summary>
    private static async Task<IReadOnlyList<MatchedReply>> KeepNew(
        ISession session, IReadOnlyList<MatchedReply> replies, CancellationToken ct)
    {
        if (replies.Count == 0) return [];

        var ids = replies.Select(reply => IdOf(reply.Message)).ToArray();
        var kept = (await session.Query(
            Keep, row => row.GetGuid(0), ct,
            ("profiles", replies.Select(reply => reply.Message.Profile).ToArray()), ("ids", ids),
            ("campaigns", replies.Select(reply => reply.CampaignId).ToArray()), ("members", replies.Select(reply => reply.MemberId!.Value).ToArray()),
            ("clients", replies.Select(reply => reply.ClientId).ToArray()), ("texts", replies.Select(reply => reply.Message.Text).ToArray()),
            ("ats", replies.Select(reply => reply.Message.At).ToArray()),
            ("gateway_ids", replies.Select(reply => $"{reply.Message.Instance}/{reply.Message.GatewayMessageId}").ToArray()))).ToHashSet();
        return [.. replies.Zip(ids).Where(reply => kept.Contains(reply.Second)).Select(reply => reply.First)];
    }

    /// <summary>Follows from the message; in the order of time (RFC 9562 version 8).</summary>
    public static Guid IdOf(IncomingMessage message)
    {
        Span<byte> id = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{message.Instance}/{message.GatewayMessageId}"), id);
        Span<byte> time = stackalloc byte[16];
        Guid.CreateVersion7(message.At).TryWriteBytes(time, bigEndian: true, out _);
        time[..6].CopyTo(id);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id[..16], bigEndian: true);
    }
}
