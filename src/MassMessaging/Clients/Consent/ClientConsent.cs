using MassMessaging.Http;

namespace MassMessaging.Clients.Consent;

public enum ConsentKind
{
    Consent,
    OptOut,
    OptIn,
}

/// <summary>How it is known that a client declined or agreed.</summary>
/// <param name="Source">Where: <c>advisor</c>, <c>reply</c>, a form.</param>
/// <param name="Reason">Why, or in which words.</param>
/// <param name="At">When the client said so; null is the session's instant.</param>
public sealed record ConsentProof(string Source, string? Reason = null, DateTimeOffset? At = null);

/// <summary>Told of opt-outs in the session that records them: running campaigns leave these clients out at once.</summary>
public interface IOptOutSubscriber
{
    Task OptedOut(Guid profile, IReadOnlyList<Guid> clients, ISession session, CancellationToken ct);
}

/// <summary>
/// Opts clients out and in, with the proof; doing it twice is nothing. Set by set, and all of it commits with the caller's session.
/// </summary>
public sealed class ClientConsent(SuppressedNumbers suppressed, IEnumerable<IOptOutSubscriber> subscribers)
{
    // By phone, as an import locks them.
    private const string Lock = "select id from client where profile_id = @profile and id = any (@clients) order by phone for update";

    private const string LockAll = """
        select c.id from client c
        join (select distinct profile_id, id from unnest(@profiles::uuid[], @clients::uuid[]) as k (profile_id, id)) k
            on k.profile_id = c.profile_id and k.id = c.id
        order by c.profile_id, c.phone
        for update of c
        """;

    private const string Record = """
        , proof as (
            insert into client_consent (profile_id, id, client_id, kind, source, reason, at, recorded_at, recorded_by)
            select @profile, given.id, changed.id, @kind, @source, @reason, @at, @now, @actor
            from changed join unnest(@clients::uuid[], @ids::uuid[]) as given (client_id, id) on given.client_id = changed.id)
        select id, phone from changed
        """;

    // Who has agreed since is not opted out by what was said before, however late it is told.
    private const string Decline = $"""
        with changed as (
            update client set opted_out_at = @at, updated_at = @now
            where profile_id = @profile and id = any (@clients) and opted_out_at is null and not exists (
                select 1 from client_consent
                where client_consent.profile_id = client.profile_id and client_consent.client_id = client.id
                  and client_consent.kind = 'opt_in' and client_consent.at > @at)
            returning id, phone)
        {Record}
        """;

    // Who never opted out may still agree: the proof is worth keeping, once.
    private const string Agree = $"""
        with changed as (
            update client set opted_out_at = null, updated_at = @now
            where profile_id = @profile and id = any (@clients) and (opted_out_at is not null or (
                select kind from client_consent
                where client_consent.profile_id = client.profile_id and client_consent.client_id = client.id
                order by recorded_at desc, id desc limit 1) is distinct from 'opt_in')
            returning id, phone)
        {Record}
        """;

    /// <summary>
    /// Whoever is about to be opted out or in, one after the other, in the order that everybody locks clients in: two batches never wait for
    /// one another in a circle.
    /// </summary>
    public static async Task LockAhead(ISession session, IReadOnlyCollection<(Guid Profile, Guid Client)> clients, CancellationToken ct)
    {
        if (clients.Count < 2) return;
        _ = await session.Query(
            LockAll, row => row.GetGuid(0), ct, ("profiles", clients.Select(one => one.Profile).ToArray()),
            ("clients", clients.Select(one => one.Client).ToArray()));
    }

    /// <summary>Those who had not opted out before.</summary>
    public async Task<IReadOnlyList<Guid>> OptOut(
        ISession session, Guid profile, IReadOnlyCollection<Guid> clients, ConsentProof proof, CancellationToken ct)
    {
        var changed = (await Change(Decline, ConsentKind.OptOut, session, profile, clients, proof, ct)).ConvertAll(client => client.Id);
        if (changed.Count == 0) return changed;

        foreach (var subscriber in subscribers) await subscriber.OptedOut(profile, changed, session, ct);
        return changed;
    }

    /// <summary>Those for whom it is new. Their numbers are not suppressed any more.</summary>
    public async Task<IReadOnlyList<Guid>> OptIn(
        ISession session, Guid profile, IReadOnlyCollection<Guid> clients, ConsentProof proof, CancellationToken ct)
    {
        var changed = await Change(Agree, ConsentKind.OptIn, session, profile, clients, proof, ct);
        await suppressed.Lift(session, profile, changed.ConvertAll(client => client.Phone), ct);
        return changed.ConvertAll(client => client.Id);
    }

    private static async Task<List<(Guid Id, string Phone)>> Change(
        string change, ConsentKind kind, ISession session, Guid profile, IReadOnlyCollection<Guid> clients, ConsentProof proof,
        CancellationToken ct)
    {
        var found = await session.Query(
            Lock, row => row.GetGuid(0), ct, ("profile", profile), ("clients", clients.Distinct().ToArray()));
        if (found.Count == 0) return [];

        return await session.Query(
            change, row => (row.GetGuid(0), row.GetString(1)), ct, ("profile", profile), ("clients", found.ToArray()),
            ("ids", found.Select(_ => Guid.CreateVersion7(session.Now)).ToArray()), ("kind", JsonConventions.NameOf(kind)),
            ("source", proof.Source), ("reason", proof.Reason), ("at", proof.At ?? session.Now), ("now", session.Now),
            ("actor", session.Origin.Actor));
    }
}
