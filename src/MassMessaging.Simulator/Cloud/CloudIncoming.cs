using System.Globalization;
using System.Text.Json;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.Cloud;

/// <param name="From">Digits, in any spelling.</param>
public sealed record CloudIncoming(string PhoneNumberId, string From, string Text)
{
    /// <summary>The message that is answered.</summary>
    public string? QuotedId { get; init; }

    /// <summary>A quick reply of a template was pressed; the text is its payload too.</summary>
    public bool IsButton { get; init; }

    /// <summary>A person with a user name: `from` and `wa_id` are missing, `user_id` is all there is.</summary>
    public bool HidesPhone { get; init; }
}

internal static class CloudReceive
{
    public static string Message(CloudPlatform cloud, CloudIncoming incoming)
    {
        var number = cloud.Numbers[incoming.PhoneNumberId];
        var (waId, id) = (CloudPlatform.WaId(Jid.Digits(incoming.From)), MessageIds.Wamid());
        number.Throughput.Take(); // what comes in counts as well
        number.Open(waId);
        var seconds = cloud.Gateway.Now.ToUnixTimeSeconds();
        cloud.Webhooks.Post(number.Account, number, "messages", json => Write(json, number, incoming, waId, id, seconds));
        return id;
    }

    /// <summary>Always the same for one person: `AR.` and 16 digits.</summary>
    private static string UserId(string waId) => $"AR.{Jid.Lid(waId)[..15]}0";

    private static void Write(Utf8JsonWriter json, CloudNumber number, CloudIncoming incoming, string waId, string id, long seconds)
    {
        json.WriteStartObject();
        if (!incoming.HidesPhone) json.WriteString("from", waId);
        json.WriteString("from_user_id", UserId(waId));
        json.WriteString("id", id);
        json.WriteString("timestamp", seconds.ToString(CultureInfo.InvariantCulture));
        json.WriteString("type", incoming.IsButton ? "button" : "text");
        json.WriteStartObject(incoming.IsButton ? "button" : "text");
        if (incoming.IsButton) json.WriteString("payload", incoming.Text);
        json.WriteString(incoming.IsButton ? "text" : "body", incoming.Text);
        json.WriteEndObject();
        if (incoming.QuotedId is { } quoted)
        {
            json.WriteStartObject("context");
            json.WriteString("from", number.Phone);
            json.WriteString("id", quoted);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
