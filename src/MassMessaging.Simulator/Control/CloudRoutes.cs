using System.Text.Json;
using MassMessaging.Simulator.Cloud;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.Control;

/// <summary>`/simulator/cloud/*`: what Meta's own pages and people's phones do.</summary>
internal static class CloudRoutes
{
    public static Reply List(CloudPlatform cloud) => Reply.Json(200, json =>
    {
        json.WriteStartArray();
        foreach (var number in cloud.Numbers.Values.OrderBy(each => each.Id, StringComparer.Ordinal)) Write(json, number);
        json.WriteEndArray();
    });

    public static Reply Add(CloudPlatform cloud, JsonElement body)
    {
        if (body.Text("phoneNumberId") is { } taken && cloud.Numbers.ContainsKey(taken)) return ControlRoutes.Wrong("This number is there already.");

        var number = cloud.Add(new CloudNumberOptions(
            body.Text("phoneNumberId"), body.Text("wabaId"), body.Text("accessToken"), body.Text("appSecret"), body.Text("phone"),
            body.Text("webhookUrl")));
        return Reply.Json(201, json => Write(json, number));
    }

    public static Reply Do(CloudPlatform cloud, string id, string act, JsonElement body)
    {
        if (!cloud.Numbers.TryGetValue(id, out var number)) return Reply.NotFound($"No number has the id {id}.");

        switch (act)
        {
            case "incoming":
                return Receive(cloud, number, body);
            case "revoke":
                number.Account.IsRevoked = true;
                return ControlRoutes.Done("The token is not valid any more.");
            case "restore":
                number.Account.IsRevoked = false;
                return ControlRoutes.Done("The token is valid again.");
            case "template":
                return Turn(cloud, number.Account, body);
            case "restrict":
                cloud.Restrict(number.Account, restricts: true);
                return ControlRoutes.Done("The account is restricted.");
            case "reinstate":
                cloud.Restrict(number.Account, restricts: false);
                return ControlRoutes.Done("The account is as before.");
            case "preference":
                return Prefer(cloud, number, body);
            default:
                return Reply.NotFound(
                    $"Nothing is called \"{act}\". There are: incoming, preference, revoke, restore, restrict, reinstate, template.");
        }
    }

    private static Reply Receive(CloudPlatform cloud, CloudNumber number, JsonElement body)
    {
        if (body.Text("from") is not { Length: > 0 } from || body.Text("text") is not { } text)
            return ControlRoutes.Wrong("from and text are required.");

        var id = cloud.Receive(new CloudIncoming(number.Id, from, text)
        {
            QuotedId = body.Text("quotedId"), IsButton = body.Flag("button") ?? false, HidesPhone = body.Flag("hidden") ?? false,
        });
        return Reply.Json(201, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteEndObject();
        });
    }

    private static Reply Prefer(CloudPlatform cloud, CloudNumber number, JsonElement body)
    {
        if (body.Text("from") is not { Length: > 0 } from || body.Text("value") is not ("stop" or "resume"))
            return ControlRoutes.Wrong("from, and value stop or resume, are required.");

        cloud.Prefer(number.Id, from, body.Text("value") == "stop");
        return ControlRoutes.Done("Meta was told.");
    }

    private static Reply Turn(CloudPlatform cloud, CloudAccount account, JsonElement body) =>
        body.Text("name") is { } name && body.Text("language") is { } language && body.Text("status") is { } status
        && CloudTemplates.Turn(cloud, account, name, language, status)
            ? ControlRoutes.Done($"{name} is {status}.")
            : ControlRoutes.Wrong("name and language of a template that exists, and its status, are required.");

    private static void Write(Utf8JsonWriter json, CloudNumber number)
    {
        json.WriteStartObject();
        json.WriteString("phoneNumberId", number.Id);
        json.WriteString("wabaId", number.Account.Id);
        json.WriteString("accessToken", number.Account.AccessToken);
        json.WriteString("appSecret", number.Account.AppSecret);
        json.WriteString("phone", number.Phone);
        json.WriteString("webhookUrl", number.Account.Callback);
        json.WriteEndObject();
    }
}
