using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Sending;

/// <param name="State">
/// <c>idle</c>: nobody waits; <c>sending</c>; <c>held</c>: somebody waits and <paramref name="HeldBy"/> says for what.
/// </param>
/// <param name="HeldBy">
/// <c>instance-down</c>, <c>gateway-unreachable</c>, <c>throttled</c>, <c>gateway-slow</c>, <c>daily-cap</c>, <c>warm-up</c>,
/// <c>breaker</c>, <c>instance-closed</c>, or what holds everybody who waits: <c>quiet-hours</c>, <c>frequency-cap</c>,
/// <c>similar-text</c>, <c>pair-limit</c> …
/// </param>
/// <param name="Until">When the lane goes on by itself, if that is known.</param>
/// <param name="NextAttemptAt">The earliest start of the next message; null when nobody waits.</param>
/// <param name="SentInWindow">Slots used in the rate's window that ends now.</param>
/// <param name="Pending">Who waits in campaigns that are being sent.</param>
public sealed record LaneAnswer(
    string State, string? HeldBy, DateTimeOffset? Until, DateTimeOffset? NextAttemptAt, int SentInWindow, long Pending);

/// <summary><c>GET /api/whatsapp/lane</c>: how the number's lane stands.</summary>
public static class ReadLane
{
    private const string Select = $"""
        select l.ring, l.next_at, case when h.is_held then l.held_by else coalesce(m.held_by, q.held_by) end,
               case when h.is_held then l.held_until when m.held_by is not null then m.held_until else q.held_until end, p.per_seconds,
               (select count(*) from campaign c
                join campaign_audience a on a.profile_id = c.profile_id and a.campaign_id = c.id and a.status = 'pending'
                where c.profile_id = l.profile_id and c.status = 'sending')
        from lane l
        cross join lateral (select l.held_by is not null and (l.held_until is null or l.held_until > @now) as is_held) h
        left join lateral (
            select s.held_by, s.held_until from campaign c
            join campaign_scan s on s.profile_id = c.profile_id and s.campaign_id = c.id and s.held_by is not null
            where c.profile_id = l.profile_id and c.status = 'sending'
            order by s.held_until limit 1) m on not exists (
                select 1 from campaign c
                left join campaign_scan s on s.profile_id = c.profile_id and s.campaign_id = c.id
                where c.profile_id = l.profile_id and c.status = 'sending' and s.held_by is null)
        left join whatsapp_config w on w.profile_id = l.profile_id
        left join lateral (
            select '{MemberHold.PairLimit}' as held_by, min(k.until) as held_until
            from campaign c
            cross join lateral ({MetaRules.AllHeld}) k
            where c.profile_id = l.profile_id and c.status = 'sending' and exists (
                select 1 from campaign_audience a where a.profile_id = c.profile_id and a.campaign_id = c.id and a.status = 'pending')
            having bool_and(k.until is not null)) q on w.instance like 'cloud:%' and m.held_by is null and not h.is_held
        left join whatsapp_pacing p on p.profile_id = l.profile_id
        where l.profile_id = @profile
        """;

    public static void Map(IEndpointRouteBuilder api) => api.MapGet("/whatsapp/lane", Get)
        .Documented("readLane", "How the number's lane stands: what it waits for, and who waits.").Produces<LaneAnswer>().WithTags("WhatsApp").Needs(Scope.Read);

    private static async Task<IResult> Get(Caller caller, IStore store, SendingOptions options, CancellationToken ct)
    {
        var now = store.Clock.GetUtcNow();
        var lane = await store.Query(
            Select,
            row => Of(
                SlotRing.Read(row.GetFieldValue<byte[]>(0)), row.GetFieldValue<DateTimeOffset>(1), row.IsDBNull(2) ? null : row.GetString(2),
                row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3),
                row.IsDBNull(4) ? options.Defaults.Window : TimeSpan.FromSeconds(row.GetInt32(4)), row.GetInt64(5), now),
            ct, ("profile", caller.ProfileId), ("now", now));
        return TypedResults.Ok(lane.SingleOrDefault() ?? new LaneAnswer("idle", null, null, null, 0, 0));
    }

    public static LaneAnswer Of(
        SlotRing ring, DateTimeOffset nextAt, string? heldBy, DateTimeOffset? until, TimeSpan window, long pending, DateTimeOffset now)
    {
        var isHeld = heldBy is not null && (until is null || until > now);
        var next = nextAt > now ? nextAt : now;
        return new(
            pending == 0 ? "idle" : isHeld ? "held" : "sending",
            isHeld ? heldBy : null, isHeld ? until : null, pending == 0 ? null : isHeld && until > next ? until : next,
            ring.Entries.Where(slots => slots.At > now - window).Sum(slots => slots.Count), pending);
    }
}
