using System.Globalization;
using System.Reflection;

namespace MassMessaging.Http;

/// <summary>The query string, read as <see cref="Fields"/> reads a body. An empty value is an absent one.</summary>
public sealed class Query
{
    private readonly IQueryCollection values;
    private readonly WrongFields wrong = new();

    private Query(IQueryCollection values) => this.values = values;

    public bool AreWrong => wrong.Any;

    public static ValueTask<Query> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult(new Query(context.Request.Query));

    public string? Text(string name, int max = 255)
    {
        var text = (string?)values[name];
        if (string.IsNullOrEmpty(text)) return null;
        if (!TextRules.IsLonger(text, max) && !text.Contains('\0', StringComparison.Ordinal)) return text;

        wrong.Add(name, $"must have at most {max} characters and no U+0000");
        return null;
    }

    public int? Whole(string name, int min, int max) => Read(
        name, $"must be a whole number from {min} to {max}",
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? Within(number, min, max)
            : null);

    /// <summary>A place in the log, or a version.</summary>
    public long? Long(string name, long min) => Read(
        name, $"must be a whole number from {min}",
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min ? number : (long?)null);

    public double? Number(string name, double min, double max) => Read(
        name, $"must be a number from {min.ToString(CultureInfo.InvariantCulture)} to {max.ToString(CultureInfo.InvariantCulture)}",
        text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max ? number : (double?)null);

    public Guid? Id(string name) => Read(name, "must be an id", text => Guid.TryParse(text, out var id) ? id : (Guid?)null);

    /// <summary>In UTC. A plus sign in a query string is a blank: it is taken back.</summary>
    public DateTimeOffset? Time(string name) => Read(
        name, TextRules.TimeExpected, text => TextRules.TryTime(text.Replace(' ', '+'), out var time) ? time : (DateTimeOffset?)null);

    public bool? Flag(string name) => Read(
        name, "must be true or false", text => text switch { "true" or "1" => true, "false" or "0" => false, _ => (bool?)null });

    public T? OneOf<T>(string name)
        where T : struct, Enum =>
        Read(name, TextRules.EnumExpected<T>(), text => TextRules.TryEnum<T>(text, out var value) ? value : (T?)null);

    /// <summary>One of <paramref name="words"/>, for an enum with values that are never shown.</summary>
    public T? OneOf<T>(string name, IReadOnlyList<T> words)
        where T : struct, Enum => Read(
            name, $"must be one of {string.Join(", ", words.Select(JsonConventions.NameOf))}",
            text => TextRules.TryEnum<T>(text, out var value) && words.Contains(value) ? value : (T?)null);

    public void Wrong(string name, string message, string? code = null) => wrong.Add(name, message, code);

    public IResult Problem() => wrong.ToProblem();

    /// <exception cref="ProblemException">Something was wrong: 400 with every field named.</exception>
    public void ThrowIfWrong()
    {
        if (wrong.Any) throw new ProblemException(wrong.ToProblem());
    }

    private static int? Within(int number, int min, int max) => number >= min && number <= max ? number : null;

    private T? Read<T>(string name, string expected, Func<string, T?> parse)
        where T : struct
    {
        if ((string?)values[name] is not { Length: > 0 } text) return null;

        var value = parse(text);
        if (value is null) wrong.Add(name, expected);
        return value;
    }
}
