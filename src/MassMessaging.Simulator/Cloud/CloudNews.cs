using System.Globalization;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.Cloud;

/// <summary>What Meta tells that is about no message: people's preferences, and how the account stands.</summary>
internal static class CloudNews
{
    public static void Prefer(CloudPlatform cloud, CloudNumber number, string from, bool stops)
    {
        var waId = CloudPlatform.WaId(Jid.Digits(from));
        var seconds = cloud.Gateway.Now.ToUnixTimeSeconds();
        cloud.Webhooks.Post(number.Account, number, "user_preferences", json =>
        {
            json.WriteStartObject();
            json.WriteString("wa_id", waId);
            json.WriteString("detail", stops ? "User requested to stop marketing messages" : "User requested to resume marketing messages");
            json.WriteString("category", "marketing_messages");
            json.WriteString("value", stops ? "stop" : "resume");
            json.WriteNumber("timestamp", seconds);
            json.WriteEndObject();
        });
    }

    public static void Restrict(CloudPlatform cloud, CloudAccount account, bool restricts)
    {
        account.IsRestricted = restricts;
        var until = cloud.Gateway.Now.AddDays(7).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        cloud.Webhooks.Post(account, null, "account_update", json =>
        {
            json.WriteStartObject();
            json.WriteString("event", restricts ? "ACCOUNT_RESTRICTION" : "DISABLED_UPDATE");
            if (restricts)
            {
                json.WriteStartArray("restriction_info");
                json.WriteStartObject();
                json.WriteString("restriction_type", "RESTRICTED_BIZ_INITIATED_MESSAGING");
                json.WriteString("expiration", until);
                json.WriteEndObject();
                json.WriteEndArray();
            }
            else
            {
                json.WriteStartObject("ban_info");
                json.WriteString("waba_ban_state", "REINSTATE");
                json.WriteEndObject();
            }

            json.WriteEndObject();
        });
    }
}
