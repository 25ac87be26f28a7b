using MassMessaging.Kernel;
using MassMessaging.Notifications;

namespace MassMessaging.Campaigns;

/// <summary>What the advisor is told about a campaign, in the session that changes it. Names the campaign, never a client.</summary>
public static class CampaignNotices
{
    private const string SelectName = "select name from campaign_content where profile_id = @profile and id = @content";

    /// <param name="session">The one that pauses it.</param>
    /// <param name="campaign">As it was before.</param>
    /// <param name="reason">Of a stop that needs a person.</param>
    public static async Task Paused(ISession session, Versioned<Campaign> campaign, string reason, CancellationToken ct) => await Notify.Tell(
        session, campaign.Key.Profile, NotificationCodes.CampaignPaused, campaign.Key.Id,
        $"La campaña «{await Name(session, campaign, ct)}» se pausó: {Why(reason)} No sigue hasta que alguien la reanude.", ct);

    public static async Task CanaryFailed(ISession session, Versioned<Campaign> campaign, CancellationToken ct) => await Notify.Tell(
        session, campaign.Key.Profile, NotificationCodes.CanaryFailed, campaign.Key.Id,
        $"La campaña «{await Name(session, campaign, ct)}» se pausó: de sus primeros mensajes fallaron demasiados. Si alguien la reanuda, salen los demás.",
        ct);

    public static async Task Completed(ISession session, Versioned<Campaign> campaign, CampaignCompleted end, CancellationToken ct)
    {
        var (code, text) = Of(await Name(session, campaign, ct), end);
        await Notify.Tell(session, campaign.Key.Profile, code, campaign.Key.Id, text, ct);
    }

    public static (string Code, string Text) Of(string name, CampaignCompleted end) => (end.Status, end.Reason) switch
    {
        (CampaignStatus.Sent, null) => (NotificationCodes.CampaignSent, $"La campaña «{name}» terminó de enviarse."),
        (CampaignStatus.Sent, _) => (
            NotificationCodes.CampaignInDoubt,
            $"La campaña «{name}» terminó, pero de algunos mensajes no se sabe si llegaron a enviarse. No se repiten solos: hay que revisarlos."),
        (_, "audience-empty") => (NotificationCodes.CampaignFailed, $"La campaña «{name}» no se envió: no queda nadie en su audiencia."),
        _ => (NotificationCodes.CampaignFailed, $"La campaña «{name}» falló: no se pudo escribir a nadie ({end.Reason})."),
    };

    private static string Why(string reason) => reason switch
    {
        "gateway-key-refused" => "el servidor de WhatsApp no acepta nuestra clave.",
        "instance-missing" => "el servidor de WhatsApp ya no conoce este número; hay que volver a conectarlo.",
        "restored" => "la base de datos se restauró de una copia, y no sabe qué se envió después de ella. Se le pregunta a WhatsApp; "
            + "quien ya recibió el mensaje no lo recibirá otra vez.",
        "gateway-changed" => "se cambió el servicio o el número desde el que se envía.",
        "meta-132001" or "meta-132015" or "meta-132016" => "Meta no permite usar su plantilla (falta, está en pausa o desactivada).",
        "meta-account-restricted" => "Meta restringió los envíos de la cuenta.",
        "meta-account-disabled" or "meta-account-deleted" => "Meta desactivó la cuenta.",
        _ => $"WhatsApp rechaza los envíos de este número ({reason}).",
    };

    private static async Task<string> Name(ISession session, Versioned<Campaign> campaign, CancellationToken ct) => (await session.Query(
        SelectName, row => row.GetString(0), ct, ("profile", campaign.Key.Profile), ("content", campaign.State.ContentId)))[0];
}
