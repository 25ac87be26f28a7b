using MassMessaging.Clients;
using MassMessaging.Clients.Consent;

namespace MassMessaging.Campaigns.Replies;

/// <summary>
/// Words by which clients opt out, and in again. Each message acts once, however often it is told: an opt-out that comes again behind an
/// opt-in is no other one.
/// </summary>
public static class ConsentWords
{
    public const string Source = "reply";

    private const string Keep = """
        insert into consent_word (profile_id, instance, gateway_id, client_id, language, at)
        values (@profile, @instance, @gatewayId, @client, @language, @at) on conflict do nothing
        """;

    private const string Confirm = """
        update consent_word set confirmation = 'waiting' where profile_id = @profile and instance = @instance and gateway_id = @gatewayId
        """;

    // Who was opted out by the advisor, or by an import, is not opted in by a word; nor by one said before, however late it is told. The
    // gateway tells whole seconds.
    private const string OptedOutByWord = """
        select 1 from client c
        cross join lateral (
            select k.kind, k.source, k.at from client_consent k where k.profile_id = c.profile_id and k.client_id = c.id
            order by k.recorded_at desc, k.id desc limit 1) last
        where c.profile_id = @profile and c.id = @client and c.opted_out_at is not null and last.kind = 'opt_out' and last.source = 'reply'
          and last.at <= @at + interval '1 second'
        """;

    /// <summary>Before anything else of theirs is locked.</summary>
    public static Task LockAhead(ISession session, IReadOnlyList<MatchedReply> replies, CancellationToken ct) => ClientConsent.LockAhead(
        session, [.. replies.Where(IsWord).Select(reply => (reply.Message.Profile, reply.ClientId)).Distinct()], ct);

    public static async Task Act(ISession session, IReadOnlyList<MatchedReply> replies, ClientConsent consent, CancellationToken ct)
    {
        foreach (var reply in replies)
        {
            if (OptOutWords.LanguageOf(reply.Message.Text) is { } language)
                await OptOut(session, reply, language, consent, ct);
            else if (OptInWords.LanguageOf(reply.Message.Text) is { } other && await WasOptedOutByWord(session, reply, ct))
                await OptIn(session, reply, other, consent, ct);
        }
    }

    private static bool IsWord(MatchedReply reply) =>
        OptOutWords.LanguageOf(reply.Message.Text) is not null || OptInWords.LanguageOf(reply.Message.Text) is not null;

    private static async Task OptOut(ISession session, MatchedReply reply, string language, ClientConsent consent, CancellationToken ct)
    {
        if (!await IsFresh(session, reply, language, ct)) return;
        if (await consent.OptOut(session, reply.Message.Profile, [reply.ClientId], Proof(reply), ct) is []) return;

        var message = new ConfirmOptOut(reply.Message.Profile, reply.Message.Instance, reply.Message.GatewayMessageId);
        await session.Sql(Confirm, ct, message.Key());
        session.Send(message, message.Name);
    }

    private static async Task OptIn(ISession session, MatchedReply reply, string language, ClientConsent consent, CancellationToken ct)
    {
        if (await IsFresh(session, reply, language, ct))
            await consent.OptIn(session, reply.Message.Profile, [reply.ClientId], Proof(reply), ct);
    }

    private static async Task<bool> IsFresh(ISession session, MatchedReply reply, string language, CancellationToken ct) =>
        await session.Sql(
            Keep, ct, ("profile", reply.Message.Profile), ("instance", reply.Message.Instance), ("gatewayId", reply.Message.GatewayMessageId),
            ("client", reply.ClientId), ("language", language), ("at", reply.Message.At)) == 1;

    private static async Task<bool> WasOptedOutByWord(ISession session, MatchedReply reply, CancellationToken ct) =>
        (await session.Query(OptedOutByWord, _ => true, ct, ("profile", reply.Message.Profile), ("client", reply.ClientId), ("at", reply.Message.At))).Count > 0;

    private static ConsentProof Proof(MatchedReply reply) => new(Source, reply.Message.Text, reply.Message.At);
}
