using System.Text.Json;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.Cloud;

/// <summary><c>/{waba}/subscribed_apps</c>: has an account's webhooks come, to a callback of its own if one is named.</summary>
internal static class CloudSubscription
{
    public static async Task<Reply> Add(CloudPlatform cloud, CloudAccount account, JsonElement body)
    {
        if (body.Text("override_callback_uri") is not { Length: > 0 } callback) return Success();
        if (body.Text("verify_token") is not { Length: > 0 } token) return GraphError.Missing("verify_token");

        if (await cloud.Webhooks.Handshake(callback, token) is { } wrong)
        {
            return GraphError.Reply(
                2200, status: 400, message: $"(#2200) Callback verification failed with the following errors: {wrong}");
        }

        account.Callback = callback;
        return Success();
    }

    public static Reply Remove(CloudAccount account)
    {
        account.Callback = null;
        return Success();
    }

    public static Reply Success() => Reply.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("success", true);
        json.WriteEndObject();
    });
}
