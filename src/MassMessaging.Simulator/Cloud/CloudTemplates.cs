using System.Globalization;
using System.Text.Json;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.Cloud;

/// <summary><c>/{waba}/message_templates</c>.</summary>
internal static class CloudTemplates
{
    public static Reply List(CloudAccount account, IQueryCollection query)
    {
        var limit = int.TryParse(query["limit"], CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, 1000) : 25;
        var after = query["after"].ToString();
        var all = account.Templates.Values
            .Where(each => query["name"].ToString() is not { Length: > 0 } name || each.Name.Contains(name, StringComparison.Ordinal))
            .OrderBy(each => each.Id, StringComparer.Ordinal).Where(each => string.CompareOrdinal(each.Id, after) > 0).ToList();
        return Reply.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var template in all.Take(limit)) template.Write(json);
            json.WriteEndArray();
            json.WriteStartObject("paging");
            json.WriteStartObject("cursors");
            json.WriteString("after", all.Take(limit).LastOrDefault()?.Id ?? "");
            json.WriteEndObject();
            if (all.Count > limit) json.WriteString("next", "there is more after the cursor");
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    public static Reply Create(CloudPlatform cloud, CloudAccount account, JsonElement body)
    {
        foreach (var required in (ReadOnlySpan<string>)["name", "language", "category"])
            if (body.Text(required) is not { Length: > 0 }) return GraphError.Missing(required);
        if (!CloudTemplate.IsName(body.Text("name")!)) return GraphError.Reply(100, "name: only a-z, 0-9 and underscores, at most 512 characters");
        if (body.Text("category") is not ("MARKETING" or "UTILITY" or "AUTHENTICATION"))
            return GraphError.Reply(100, "category must be one of {AUTHENTICATION, MARKETING, UTILITY}");
        if (!body.TryGetProperty("components", out var components) || CloudTemplate.BodyOf(components) is not { Length: > 0 and <= 1024 } text)
            return GraphError.Reply(100, "components: a BODY with a text of at most 1024 characters is required");

        var (name, language) = (body.Text("name")!, body.Text("language")!);
        var template = new CloudTemplate(CloudPlatform.Digits(16), name, language, body.Text("category")!, "PENDING", text);
        if (!account.Templates.TryAdd((name, language), template))
            return GraphError.Reply(100, "Content in this language already exists", subcode: 2388024);

        cloud.Gateway.Agenda.In(cloud.Options.Review, () => Turn(cloud, account, name, language, "APPROVED"));
        return Reply.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", template.Id);
            json.WriteString("status", template.Status);
            json.WriteString("category", template.Category);
            json.WriteEndObject();
        });
    }

    /// <summary>What becomes of a template, and the webhook that tells it.</summary>
    public static bool Turn(CloudPlatform cloud, CloudAccount account, string name, string language, string status)
    {
        if (!account.Templates.TryGetValue((name, language), out var template)) return false;

        account.Templates[(name, language)] = template with { Status = status };
        cloud.Webhooks.Post(account, null, "message_template_status_update", json =>
        {
            json.WriteStartObject();
            json.WriteString("event", status);
            json.WriteNumber("message_template_id", long.Parse(template.Id, CultureInfo.InvariantCulture));
            json.WriteString("message_template_name", name);
            json.WriteString("message_template_language", language);
            json.WriteString("reason", status == "REJECTED" ? "INVALID_FORMAT" : "NONE");
            json.WriteEndObject();
        });
        return true;
    }
}
