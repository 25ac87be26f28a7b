using MassMessaging.Campaigns.Sending;
using MassMessaging.Clients;
using MassMessaging.Clients.Consent;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Replies;

/// <summary>
/// Somebody turned the advisor's marketing off in WhatsApp itself, or on again: Meta told it, or refused a message for it (131050).
/// </summary>
/// <param name="Client">Null: to be found by <paramref name="Phone"/>.</param>
/// <param name="Phone">As WhatsApp spells it.</param>
/// <param name="Proof">Meta's own words for it.</param>
public sealed record MarketingPreferred(Guid Profile, Guid? Client, string? Phone, bool Stops, string Proof, DateTimeOffset At)
{
    public const string Source = "meta";

    /// <summary>Why a message failed whose recipient had turned marketing off.</summary>
    public const string Declined = "meta-131050";

    public static void Ask(ISession session, MarketingPreferred told) =>
        session.Send(told, $"{told.Profile:n}/{told.Client?.ToString("n") ?? told.Phone}/{told.Stops}/{told.At.UtcTicks}");

    /// <summary>A member's message failed with <see cref="Declined"/>.</summary>
    public static void Ask(ISession session, Guid profile, Guid client, DateTimeOffset at) =>
        Ask(session, new(profile, client, null, Stops: true, "131050", at));
}

/// <summary>
/// Keeps it as consent with its proof, in a session of its own: an opt-out locks the client, and receipts hold members by then. Who turns
/// marketing on again is opted in only where it was this that opted them out.
/// </summary>
public sealed class HandlePreferences(ClientConsent consent) : IHandle<MarketingPreferred>
{
    private const string Find = """
        select k.place, c.id
        from unnest(@profiles::uuid[], @clients::uuid[], @phones::text[]) with ordinality as k (profile_id, client_id, phone, place)
        join client c on c.profile_id = k.profile_id and (c.id = k.client_id or (k.client_id is null and c.phone = k.phone))
        """;

    // Nor by one said before, however late it is told.
    private const string OptedOutThere = """
        select 1 from client c
        cross join lateral (
            select k.kind, k.source, k.at from client_consent k where k.profile_id = c.profile_id and k.client_id = c.id
            order by k.recorded_at desc, k.id desc limit 1) last
        where c.profile_id = @profile and c.id = @client and c.opted_out_at is not null and last.kind = 'opt_out' and last.source = @source
          and last.at <= @at
        """;

    public async Task Handle(IReadOnlyList<MarketingPreferred> messages, ISession session, CancellationToken ct)
    {
        foreach (var profile in messages.Select(message => message.Profile).Distinct().Order())
            await ErasureLock.Share(session, profile, ct); // nothing is written about a client behind an erasure's back

        var told = (await session.Query(
            Find, row => (Message: messages[(int)row.GetInt64(0) - 1], Client: row.GetGuid(1)), ct,
            ("profiles", messages.Select(message => message.Profile).ToArray()), ("clients", messages.Select(message => message.Client).ToArray()),
            ("phones", messages.Select(message => Canonical(message.Phone)).ToArray()))).OrderBy(one => one.Message.At).ToList();
        await ClientConsent.LockAhead(session, [.. told.Select(one => (one.Message.Profile, one.Client)).Distinct()], ct);
        foreach (var (message, client) in told)
        {
            var proof = new ConsentProof(MarketingPreferred.Source, message.Proof, message.At);
            if (message.Stops)
                await consent.OptOut(session, message.Profile, [client], proof, ct);
            else if (await OptedOutByThis(session, message, client, ct))
                await consent.OptIn(session, message.Profile, [client], proof, ct);
        }
    }

    private static async Task<bool> OptedOutByThis(ISession session, MarketingPreferred message, Guid client, CancellationToken ct) =>
        (await session.Query(
            OptedOutThere, _ => true, ct, ("profile", message.Profile), ("client", client), ("source", MarketingPreferred.Source),
            ("at", message.At))).Count > 0;

    private static string? Canonical(string? phone) => phone is not null && PhoneNumber.TryParse(phone, "", out var canonical) ? canonical : null;
}

/// <summary>What Meta tells beside messages and receipts, as far as campaigns and consent go.</summary>
public sealed class HearAccounts : IAccountSubscriber
{
    public Task Prefer(IReadOnlyList<MarketingPreference> preferences, ISession session, CancellationToken ct)
    {
        foreach (var one in preferences)
            MarketingPreferred.Ask(
                session, new(one.Profile, null, one.Phone, one.Stops, one.Stops ? "user_preferences: stop" : "user_preferences: resume", one.At));
        return Task.CompletedTask;
    }

    public void Stopped(Guid profile, string reason, ISession session) => session.Send(new StopLane(profile, reason), profile.ToString());
}
