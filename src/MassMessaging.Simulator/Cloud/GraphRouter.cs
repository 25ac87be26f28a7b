using System.Text.Json;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.Cloud;

/// <summary>Meta's Graph API: <c>/{version}/{id}/{edge}</c>, with its guards in its order: token, object, body.</summary>
internal sealed class GraphRouter(CloudPlatform cloud)
{
    public static bool IsOurs(string[] path) =>
        path is [var version, _, ..] && version.Length > 2 && version[0] == 'v' && version[1..].All(each => char.IsAsciiDigit(each) || each == '.');

    /// <returns>null: the connection is to be reset.</returns>
    public async Task<Reply?> Answer(HttpContext context, string[] path)
    {
        var received = path is [_, var id, "messages"] ? cloud.Gateway.Ledger.Receive(id) : null;
        var (document, malformed) = await RequestBody.Read(context.Request);
        var reply = await Route(context.Request, path, malformed is null ? document.RootElement : default, received);
        if (received is not null) received.Status = reply?.Status ?? 0;
        return reply;
    }

    private async Task<Reply?> Route(HttpRequest request, string[] path, JsonElement body, ReceivedSend? received)
    {
        if (Token(request) is not { } token) return GraphError.NoToken();
        if (cloud.Accounts.Values.Where(each => each.AccessToken == token).ToList() is not { Count: > 0 } known) return GraphError.BadToken();
        if (known.TrueForAll(each => each.IsRevoked)) return GraphError.ExpiredToken();

        // What a token may not see does not exist for it.
        var number = cloud.Numbers.TryGetValue(path[1], out var foundNumber) && known.Contains(foundNumber.Account) ? foundNumber : null;
        var account = cloud.Accounts.TryGetValue(path[1], out var foundAccount) && known.Contains(foundAccount) ? foundAccount : null;
        return (request.Method, path.ElementAtOrDefault(2), path.Length, number, account) switch
        {
            ("POST", "messages", 3, not null, _) => await CloudSend.Handle(cloud, number, body, received!),
            ("GET", null, 2, not null, _) => Number(number),
            ("GET", null, 2, _, not null) => Account(account),
            ("GET", "phone_numbers", 3, _, not null) => Numbers(account),
            ("GET", "message_templates", 3, _, not null) => CloudTemplates.List(account, request.Query),
            ("POST", "message_templates", 3, _, not null) => CloudTemplates.Create(cloud, account, body),
            ("POST", "subscribed_apps", 3, _, not null) => await CloudSubscription.Add(cloud, account, body),
            ("DELETE", "subscribed_apps", 3, _, not null) => CloudSubscription.Remove(account),
            _ => GraphError.NoObject(request.Method, path[1]),
        };
    }

    private static string? Token(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return header["Bearer ".Length..].Trim();
        return request.Query["access_token"].ToString() is { Length: > 0 } query ? query : null;
    }

    private static Reply Number(CloudNumber number) => Reply.Json(200, json => Write(json, number));

    private Reply Numbers(CloudAccount account) => Reply.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("data");
        foreach (var number in cloud.Numbers.Values.Where(each => each.Account == account)) Write(json, number);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, CloudNumber number)
    {
        json.WriteStartObject();
        json.WriteString("verified_name", "Simulador");
        json.WriteString("code_verification_status", "VERIFIED");
        json.WriteString("display_phone_number", $"+{number.Phone[..2]} {number.Phone[2..]}");
        json.WriteString("quality_rating", "GREEN");
        json.WriteString("platform_type", "CLOUD_API");
        json.WriteStartObject("throughput");
        json.WriteString("level", "STANDARD");
        json.WriteEndObject();
        json.WriteString("id", number.Id);
        json.WriteEndObject();
    }

    private static Reply Account(CloudAccount account) => Reply.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteString("id", account.Id);
        json.WriteString("name", "Simulador");
        json.WriteEndObject();
    });
}
