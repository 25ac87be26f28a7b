using MassMessaging.Notifications;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// Tells the advisor of a lane that stands still for longer than it takes a gateway to come back by itself, once, and then that it goes on.
/// In the session of the hold.
/// </summary>
public static class HoldNotices
{
    // A lane that stopped being tried says nothing of itself: after a day its next hold is told again. Gone instances pause campaigns,
    // and that is told.
    private const string MarkHeld = """
        update lane set hold_told_at = @now
        where profile_id = any (@profiles) and held_by <> 'instance-gone' and (holds >= @holds or held_until >= @now + @long or held_by = 'instance-closed')
          and (hold_told_at is null or hold_told_at < @now - @forgotten)
        returning profile_id, held_by
        """;

    private const string MarkFree = """
        update lane set hold_told_at = null where profile_id = any (@profiles) and hold_told_at is not null
        returning profile_id
        """;

    /// <summary>Waits of 1, 2, 4 and 8 s came before it, none of which helped.</summary>
    private const int Holds = 5;

    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(1);

    public static async Task Held(ISession session, Guid[] profiles, CancellationToken ct)
    {
        var held = await session.Query(
            MarkHeld, row => (Profile: row.GetGuid(0), Reason: row.GetString(1)), ct, ("profiles", profiles), ("now", session.Now),
            ("holds", Holds), ("long", Long), ("forgotten", Forgotten));
        foreach (var (profile, reason) in held)
            await Notify.Tell(session, profile, NotificationCodes.LaneHeld, null, $"Los envíos esperan y siguen solos: {Why(reason)}", ct);
    }

    public static async Task Free(ISession session, Guid[] profiles, CancellationToken ct)
    {
        foreach (var profile in await session.Query(MarkFree, row => row.GetGuid(0), ct, ("profiles", profiles)))
            await Notify.Tell(session, profile, NotificationCodes.LaneGoesOn, null, "Los envíos siguen.", ct);
    }

    private static string Why(string reason) => reason switch
    {
        "instance-down" => "el WhatsApp vinculado no está conectado. Conviene revisar el teléfono.",
        LaneLimits.InstanceClosed => "el WhatsApp vinculado se desconectó. Conviene revisar el teléfono.",
        LaneLimits.Breaker => "fallaron demasiados envíos seguidos; se prueba de nuevo dentro de un rato.",
        LaneLimits.DailyCap => "se alcanzó el máximo de mensajes por día.",
        LaneLimits.WarmUp => "un número nuevo empieza de a poco, y hoy ya envió lo suyo.",
        "throttled" => "WhatsApp pide ir más despacio.",
        "gateway-unreachable" => "no se llega al servidor de WhatsApp.",
        "gateway-unsure" => "el servidor de WhatsApp no confirma los envíos.",
        _ => $"el servidor de WhatsApp no responde como debe ({reason}).",
    };
}
