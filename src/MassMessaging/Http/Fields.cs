using System.Reflection;
using System.Text.Json;

namespace MassMessaging.Http;

/// <summary>
/// The JSON object of a request, read field by field so that every wrong one is named at once. A missing field and null are the same
/// (see <see cref="Has"/>), unknown fields are ignored, and no body is an empty object. A wrong field is answered as null.
/// </summary>
public sealed class Fields
{
    private readonly JsonElement json;
    private readonly string prefix;
    private readonly WrongFields wrong;

    internal Fields(JsonElement json, string prefix, WrongFields wrong) => (this.json, this.prefix, this.wrong) = (json, prefix, wrong);

    public bool AreWrong => wrong.Any;

    /// <exception cref="ProblemException"><c>invalid-json</c>, <c>body-too-large</c>, <c>unsupported-media-type</c>.</exception>
    public static async ValueTask<Fields> BindAsync(HttpContext context, ParameterInfo parameter) => await JsonBody.Read(context);

    /// <summary>For specs, and for text that is JSON but no request.</summary>
    public static Fields Of(string json) => JsonBody.Parse(System.Text.Encoding.UTF8.GetBytes(json));

    /// <summary>Present, even if null: how a partial update tells "clear it" from "leave it".</summary>
    public bool Has(string name) => json.TryGetProperty(name, out _);

    /// <summary>Present, and not null.</summary>
    public bool Given(string name) => TryGet(name, out _);

    /// <param name="name">The field.</param>
    /// <param name="max">Most characters (code points).</param>
    /// <param name="required">Then missing, null and blank are wrong.</param>
    public string? Text(string name, int max, bool required = false)
    {
        if (!TryGet(name, out var value)) return required ? Missing<string>(name) : null;
        if (value.ValueKind != JsonValueKind.String) return Not<string>(name, "must be text");

        var text = value.GetString()!;
        if (required && string.IsNullOrWhiteSpace(text)) return Missing<string>(name);

        return TextRules.IsLonger(text, max) ? Not<string>(name, $"must have at most {max} characters") : text;
    }

    public Guid? Id(string name)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.String && value.TryGetGuid(out var id)) return id;

        wrong.Add(prefix + name, "must be an id");
        return null;
    }

    /// <summary>In UTC, whatever the offset given; a time without one is wrong.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.String && TextRules.TryTime(value.GetString()!, out var time)) return time;

        wrong.Add(prefix + name, TextRules.TimeExpected);
        return null;
    }

    public int? Whole(string name, int min, int max)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= min && number <= max) return number;

        wrong.Add(prefix + name, $"must be a whole number from {min} to {max}");
        return null;
    }

    public double? Number(string name, double min, double max)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= min && number <= max) return number;

        wrong.Add(prefix + name, FormattableString.Invariant($"must be a number from {min} to {max}"));
        return null;
    }

    public bool? Flag(string name)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();

        wrong.Add(prefix + name, "must be true or false");
        return null;
    }

    /// <param name="name">The field.</param>
    /// <param name="maxCount">Most entries.</param>
    /// <param name="max">Most characters of an entry.</param>
    public IReadOnlyList<string>? Texts(string name, int maxCount, int max) => List(
        name, maxCount, $"must be a list of texts of at most {max} characters",
        value => (value.ValueKind == JsonValueKind.String && !TextRules.IsLonger(value.GetString()!, max), $"{value}"));

    public IReadOnlyList<Guid>? Ids(string name, int maxCount) => List(
        name, maxCount, "must be a list of ids",
        value => value.ValueKind == JsonValueKind.String && value.TryGetGuid(out var id) ? (true, id) : (false, default));

    /// <summary>An enum by its snake_case name, as answers write it.</summary>
    public T? OneOf<T>(string name)
        where T : struct, Enum
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind == JsonValueKind.String && TextRules.TryEnum<T>(value.GetString()!, out var found)) return found;

        wrong.Add(prefix + name, TextRules.EnumExpected<T>());
        return null;
    }

    /// <summary>Whatever stands there; null is none. For a value of the caller's own shape.</summary>
    public JsonElement? Json(string name) => TryGet(name, out var value) ? value : null;

    /// <summary>A nested object; what is wrong in it is reported here as <c>parent.child</c>.</summary>
    public Fields? Object(string name)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind != JsonValueKind.Object) return Not<Fields>(name, "must be an object");

        return new Fields(value, $"{prefix}{name}.", wrong);
    }

    /// <summary>A list of objects; what is wrong in one is reported here as <c>list[0].child</c>.</summary>
    public IReadOnlyList<Fields>? Objects(string name, int maxCount)
    {
        const string Expected = "must be a list of objects";
        if (List(name, maxCount, Expected, value => (value.ValueKind == JsonValueKind.Object, value)) is not { } items) return null;

        return [.. items.Select((item, place) => new Fields(item, $"{prefix}{name}[{place}].", wrong))];
    }

    /// <param name="field">Its name here; a nested object adds its own.</param>
    /// <param name="message">Continues the field's name: "must be in the future".</param>
    /// <param name="code">Instead of <c>validation-failed</c>, if no other code is given for this body.</param>
    public void Wrong(string field, string message, string? code = null) => wrong.Add(prefix + field, message, code);

    public IResult Problem() => wrong.ToProblem();

    /// <exception cref="ProblemException">Something was wrong: 400 with every field named.</exception>
    public void ThrowIfWrong()
    {
        if (wrong.Any) throw new ProblemException(wrong.ToProblem());
    }

    private List<T>? List<T>(string name, int maxCount, string expected, Func<JsonElement, (bool Fits, T Item)> read)
    {
        if (!TryGet(name, out var value)) return null;
        if (value.ValueKind != JsonValueKind.Array) return Not<List<T>>(name, expected);
        if (value.GetArrayLength() > maxCount) return Not<List<T>>(name, $"must have at most {maxCount} entries");

        var entries = value.EnumerateArray().Select(read).ToList();
        return entries.TrueForAll(entry => entry.Fits) ? entries.ConvertAll(entry => entry.Item) : Not<List<T>>(name, expected);
    }

    private bool TryGet(string name, out JsonElement value) =>
        json.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;

    private T? Missing<T>(string name)
        where T : class => Not<T>(name, "is required");

    private T? Not<T>(string name, string message)
        where T : class
    {
        wrong.Add(prefix + name, message);
        return null;
    }
}
