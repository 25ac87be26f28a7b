using System.Globalization;
using System.Text.Json;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.Cloud;

/// <summary>Whether a template may be sent with these parameters, and how it then reads.</summary>
internal static class CloudTemplateUse
{
    public static Reply? Render(CloudAccount account, CloudMessage message, out string text)
    {
        text = "";
        if (!account.Templates.TryGetValue((message.TemplateName!, message.Language!), out var template)
            || template.Status is "PENDING" or "REJECTED")
        {
            return GraphError.Reply(132001, $"template name ({message.TemplateName}) does not exist in {message.Language}");
        }

        if (template.Status == "PAUSED") return GraphError.Reply(132015);
        if (template.Status == "DISABLED") return GraphError.Reply(132016);

        var given = Body(message.Components);
        if (given.Count != template.Parameters.Count)
        {
            return GraphError.Reply(132000, string.Create(
                CultureInfo.InvariantCulture,
                $"body: number of localizable_params ({given.Count}) does not match the expected number of params ({template.Parameters.Count})"));
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, parameter) in template.Parameters.Zip(given))
        {
            if (parameter.Text("type") != "text") return GraphError.Reply(132012, "body: parameters must be of type text");
            if (parameter.Text("text") is not { Length: > 0 } value)
                return GraphError.Reply(131008, "Parameter of type text is missing text value");
            if (value.AsSpan().ContainsAny("\n\r\t") || value.Contains("     ", StringComparison.Ordinal)) return GraphError.Reply(132018);

            values[parameter.Text("parameter_name") ?? name] = value;
        }

        text = template.Render(values);
        return null;
    }

    private static List<JsonElement> Body(JsonElement components) =>
    [
        .. Items(components).Where(part => string.Equals(part.Text("type"), "body", StringComparison.OrdinalIgnoreCase))
            .SelectMany(part => part.TryGetProperty("parameters", out var all) ? Items(all) : []),
    ];

    private static JsonElement[] Items(JsonElement array) => array.ValueKind == JsonValueKind.Array ? [.. array.EnumerateArray()] : [];
}
