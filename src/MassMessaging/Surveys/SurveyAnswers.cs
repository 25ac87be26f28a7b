using System.Text;
using System.Text.Json;
using MassMessaging.Http;

namespace MassMessaging.Surveys;

/// <summary>The answers are anybody's JSON: bounded before they are kept.</summary>
public static class SurveyAnswers
{
    public const int MostBytes = 16 * 1024;
    public const int Deepest = 8;

    private const int LongestNumber = 32;

    /// <summary>Their JSON, or null after what is wrong with them was told to <paramref name="body"/>.</summary>
    public static string? Read(Fields body)
    {
        var wrong = body.Json("answers") is { } answers ? WrongWith(answers) : "is required";
        if (wrong is not null) body.Wrong("answers", wrong);
        return wrong is null ? body.Json("answers")!.Value.GetRawText() : null;
    }

    private static string? WrongWith(JsonElement answers) =>
        answers.ValueKind != JsonValueKind.Object ? "must be an object"
        : Encoding.UTF8.GetByteCount(answers.GetRawText()) > MostBytes ? $"must have at most {MostBytes} bytes"
        : !Fits(answers, Deepest) ? $"must be at most {Deepest} levels deep, with numbers of ordinary size"
        : null;

    private static bool Fits(JsonElement value, int levels) => value.ValueKind switch
    {
        JsonValueKind.Object => levels > 0 && value.EnumerateObject().All(field => Fits(field.Value, levels - 1)),
        JsonValueKind.Array => levels > 0 && value.EnumerateArray().All(entry => Fits(entry, levels - 1)),
        JsonValueKind.Number => IsOrdinary(value.GetRawText()),
        _ => true,
    };

    /// <summary>PostgreSQL keeps no number like 1e200000, nor 1e-200000.</summary>
    private static bool IsOrdinary(string number)
    {
        var exponent = number.IndexOfAny(['e', 'E']);
        return number.Length <= LongestNumber && (exponent < 0 || number[(exponent + 1)..].TrimStart('+', '-').TrimStart('0').Length <= 2);
    }
}
