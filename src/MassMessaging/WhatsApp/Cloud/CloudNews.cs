using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MassMessaging.Notifications;

namespace MassMessaging.WhatsApp.Cloud;

/// <summary>What Meta tells of the account, a number or a template: for the advisor, and perhaps the end of sending.</summary>
/// <param name="WabaId">Whose news it is; believed only of the number's own account.</param>
/// <param name="Phone">Digits of the number that it is about; null: of all.</param>
/// <param name="Text">For the advisor.</param>
/// <param name="Stops">Why everything that the number sends is paused; null: it is only told.</param>
/// <param name="Once">Meta repeats itself for days: the same is told once.</param>
internal sealed record AccountNews(string Instance, string? WabaId, string? Phone, string Code, string Text, string? Stops, string Once);

/// <summary>Reads the fields of a notification that are about no message. Total, like <see cref="CloudEvents"/>.</summary>
internal static class CloudNews
{
    private const string AddNumber = "RESTRICTED_ADD_PHONE_NUMBER_ACTION";

    /// <summary>Null: of no consequence here.</summary>
    public static AccountNews? Read(WebhookReceived webhook, JsonElement entry, string field, JsonElement value)
    {
        var happened = value.Field("event"u8).AsText();
        var (code, text, stops) = field switch
        {
            "account_update" => OfAccount(happened, value),
            "message_template_status_update" => OfTemplate(happened, value),
            "phone_number_quality_update" when happened is "FLAGGED" or "DOWNGRADE" => (NotificationCodes.AccountWarning, OfQuality(happened), null),
            _ => default,
        };
        if (code is null) return null;

        var phone = string.Concat((value.Field("display_phone_number"u8).AsText() ?? "").Where(char.IsAsciiDigit));
        return new(
            webhook.Instance, entry.Field("id"u8).AsText(), field == "phone_number_quality_update" && phone.Length > 0 ? phone : null, code, text!,
            stops, Once(webhook, entry, field, value));
    }

    /// <summary>Whoever turned marketing off or on: <c>user_preferences</c>, a list or one alone.</summary>
    public static IEnumerable<PreferenceTold> Preferences(WebhookReceived webhook, JsonElement entry, JsonElement value)
    {
        var list = value.Field("user_preferences"u8);
        var isOfNumber = value.Field("metadata"u8).Field("phone_number_id"u8).AsText() is not null;
        foreach (var one in list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().AsEnumerable() : [value])
        {
            if (one.Field("category"u8).AsText() is not "marketing_messages") continue;
            if (one.Field("value"u8).AsText() is not ("stop" or "resume") || IncomingText.Phone(one.Field("wa_id"u8).AsText()) is not { } phone) continue;
            yield return new(
                webhook.Instance, isOfNumber ? null : entry.Field("id"u8).AsText() ?? "", phone, one.Field("value"u8).AsText() == "stop",
                IncomingText.Instant(CloudEvents.Seconds(one.Field("timestamp"u8)), webhook.ReceivedAt));
        }
    }

    private static (string? Code, string? Text, string? Stops) OfAccount(string? happened, JsonElement value) => happened switch
    {
        "ACCOUNT_DELETED" => Stopped("meta-account-deleted", "Meta borró la cuenta de WhatsApp Business."),
        "ACCOUNT_RESTRICTION" when RestrictsNoMessages(value) =>
            (NotificationCodes.AccountWarning, "Meta restringió la cuenta de WhatsApp Business: no se le pueden agregar números.", null),
        "ACCOUNT_RESTRICTION" => Stopped("meta-account-restricted", "Meta restringió los envíos de la cuenta de WhatsApp Business."),
        "ACCOUNT_VIOLATION" =>
            (NotificationCodes.AccountWarning, "Meta señaló una infracción de sus políticas en la cuenta de WhatsApp Business. Conviene revisarla.", null),
        "DISABLED_UPDATE" => OfBan(value.Field("ban_info"u8).Field("waba_ban_state"u8)),
        _ => default,
    };

    /// <summary>A word, or a list of which the last counts.</summary>
    private static string? BanOf(JsonElement state) => CloudEvents.Items(state).LastOrDefault().AsText() ?? state.AsText();

    private static (string? Code, string? Text, string? Stops) OfBan(JsonElement state) => BanOf(state) switch
    {
        "REINSTATE" => (NotificationCodes.AccountWarning, "Meta habilitó de nuevo la cuenta: las campañas pausadas se pueden reanudar.", null),
        "SCHEDULE_FOR_DISABLE" => (NotificationCodes.AccountWarning, "Meta anunció que desactivará la cuenta de WhatsApp Business.", null),
        _ => Stopped("meta-account-disabled", "Meta desactivó la cuenta de WhatsApp Business."),
    };

    private static (string? Code, string? Text, string? Stops) Stopped(string reason, string text) =>
        (NotificationCodes.AccountRestricted, $"{text} Lo que se estaba enviando se pausa hasta que alguien lo reanude.", reason);

    private static bool RestrictsNoMessages(JsonElement value)
    {
        var types = CloudEvents.Items(value.Field("restriction_info"u8)).Select(each => each.Field("restriction_type"u8).AsText()).ToList();
        return types.Count > 0 && types.TrueForAll(type => type == AddNumber);
    }

    private static (string? Code, string? Text, string? Stops) OfTemplate(string? happened, JsonElement value)
    {
        var what = happened switch
        {
            "PAUSED" => "está en pausa por su calidad",
            "DISABLED" => "fue desactivada",
            "REJECTED" => "fue rechazada",
            "FLAGGED" => "está por desactivarse por su calidad",
            _ => null,
        };
        return what is null ? default : (NotificationCodes.TemplateStopped, $"La plantilla «{Named(value)}» {what} en Meta.", null);
    }

    private static string OfQuality(string? happened) => happened == "FLAGGED"
        ? "La calidad del número bajó según Meta: sus mensajes se bloquean o denuncian demasiado. Conviene enviar menos."
        : "Meta bajó el límite de envíos del número por su calidad.";

    private static string Named(JsonElement value)
    {
        var name = string.Concat((value.Field("message_template_name"u8).AsText() ?? "?").Where(sign => !char.IsControl(sign)).Take(100));
        return value.Field("message_template_language"u8).AsText() is { Length: <= 20 } language && language.All(sign => char.IsLetterOrDigit(sign) || sign == '_')
            ? $"{name} ({language})" : name;
    }

    /// <summary>By what was said and when Meta said it; without that, the day on which it came.</summary>
    private static string Once(WebhookReceived webhook, JsonElement entry, string field, JsonElement value)
    {
        var when = CloudEvents.Seconds(entry.Field("time"u8))?.ToString(CultureInfo.InvariantCulture)
            ?? webhook.ReceivedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return $"meta:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{webhook.Instance}\n{field}\n{when}\n{value.GetRawText()}")))}";
    }
}
