using System.Text.Json;

namespace MassMessaging.Simulator.Evolution;

/// <summary>The gateway's JSON-schema checks in its own words and order: first the wrong types, then what is missing.</summary>
/// <param name="path">Empty at the root, else what the complaints begin with: `webhook`.</param>
public sealed class Schema(JsonElement body, string path = "")
{
    private List<string>? complaints;

    public IReadOnlyList<string> Complaints => complaints ?? [];

    /// <param name="said">What the schema's author wrote for any complaint about this field.</param>
    public Schema String(string name, string? said = null) =>
        Type(name, "string", static value => value.ValueKind == JsonValueKind.String, said);

    public Schema Boolean(string name) =>
        Type(name, "boolean", static value => value.ValueKind is JsonValueKind.True or JsonValueKind.False);

    public Schema Integer(string name, string? said = null) => Type(name, "integer", static value =>
        value.ValueKind == JsonValueKind.Number && value.GetDouble() % 1 == 0, said);

    public Schema Object(string name, Action<Schema>? inside = null)
    {
        Type(name, "object", static value => value.ValueKind == JsonValueKind.Object);
        if (inside is null || body.Object(name) is not { } value) return this;

        var nested = new Schema(value, Path(name));
        inside(nested);
        foreach (var complaint in nested.Complaints) Complain(complaint);
        return this;
    }

    public Schema OneOf(string name, params IReadOnlyList<string> allowed)
    {
        String(name);
        if (body.Text(name) is { } text && !allowed.Contains(text))
            Complain($"{Path(name)} is not one of enum values: {string.Join(',', allowed)}");
        return this;
    }

    public Schema Texts(string name, IReadOnlyList<string>? allowed = null, bool notEmpty = false, string? said = null)
    {
        Type(name, "array", static value => value.ValueKind == JsonValueKind.Array);
        if (!body.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array) return this;

        if (notEmpty && list.GetArrayLength() == 0) Complain($"{Path(name)} does not meet minimum length of 1");
        foreach (var (index, item) in list.EnumerateArray().Index())
        {
            var text = item.ValueKind == JsonValueKind.String ? item.GetString() : null;
            if (text is null) Complain(said ?? $"{Path(name)}[{index}] is not of a type(s) string");
            if (allowed is not null && (text is null || !allowed.Contains(text)))
                Complain($"{Path(name)}[{index}] is not one of enum values: {string.Join(',', allowed)}");
        }

        return this;
    }

    public Schema Required(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty(name, out _))
                Complain($"{(path.Length == 0 ? "instance" : path)} requires property \"{name}\"");
        }

        return this;
    }

    private Schema Type(string name, string type, Func<JsonElement, bool> fits, string? said = null)
    {
        if (body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) && !fits(value))
            Complain(said ?? $"{Path(name)} is not of a type(s) {type}");
        return this;
    }

    private string Path(string name) => path.Length == 0 ? name : $"{path}.{name}";

    public void Complain(string complaint) => (complaints ??= []).Add(complaint);
}
