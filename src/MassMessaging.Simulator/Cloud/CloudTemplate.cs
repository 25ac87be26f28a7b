using System.Text.Json;
using System.Text.RegularExpressions;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.Cloud;

/// <summary>A message template in one language, with a body of text and no other parts that take parameters.</summary>
/// <param name="Status">APPROVED, PENDING, REJECTED, PAUSED, DISABLED.</param>
/// <param name="Body">With <c>{{1}}</c>, <c>{{2}}</c> … or <c>{{name}}</c>.</param>
public sealed partial record CloudTemplate(string Id, string Name, string Language, string Category, string Status, string Body)
{
    /// <summary>In order of appearance, each once.</summary>
    public IReadOnlyList<string> Parameters { get; } =
        [.. Placeholder().Matches(Body).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal)];

    public static bool IsName(string name) => NameRule().IsMatch(name);

    public string Render(IReadOnlyDictionary<string, string> values) =>
        Placeholder().Replace(Body, match => values.GetValueOrDefault(match.Groups["name"].Value, match.Value));

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name", Name);
        json.WriteString("parameter_format", Parameters.All(name => int.TryParse(name, out _)) ? "POSITIONAL" : "NAMED");
        json.WriteStartArray("components");
        json.WriteStartObject();
        json.WriteString("type", "BODY");
        json.WriteString("text", Body);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("language", Language);
        json.WriteString("status", Status);
        json.WriteString("category", Category);
        json.WriteString("id", Id);
        json.WriteEndObject();
    }

    /// <summary>Null when there is no text for a body.</summary>
    internal static string? BodyOf(JsonElement components) => components.ValueKind != JsonValueKind.Array
        ? null
        : components.EnumerateArray()
            .FirstOrDefault(part => string.Equals(part.Text("type"), "BODY", StringComparison.OrdinalIgnoreCase)).Text("text");

    [GeneratedRegex(@"\{\{\s*(?<name>[a-z0-9_]+)\s*\}\}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\A[a-z0-9_]{1,512}\z", RegexOptions.NonBacktracking)]
    private static partial Regex NameRule();
}
