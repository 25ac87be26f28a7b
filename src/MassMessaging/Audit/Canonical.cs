using System.Text;
using System.Text.Json;

namespace MassMessaging.Audit;

/// <summary>
/// One spelling for equal JSON (RFC 8785 as far as it goes): members sorted by name, no blanks, the fewest escapes; a number stays as it is
/// written. Written out here because the platform's writer escapes more than the RFC does.
/// </summary>
public static class Canonical
{
    /// <param name="value">Any JSON.</param>
    /// <param name="without">A member of the outermost object that is left out.</param>
    public static string Json(JsonElement value, string? without = null)
    {
        var text = new StringBuilder(512);
        Write(text, value, without);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonElement value, string? without)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(text, value, without);
                break;
            case JsonValueKind.Array:
                var separator = '[';
                foreach (var entry in value.EnumerateArray())
                {
                    text.Append(separator);
                    Write(text, entry, without: null);
                    separator = ',';
                }

                text.Append(separator == '[' ? "[]" : "]");
                break;
            case JsonValueKind.String:
                WriteString(text, value.GetString()!);
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void WriteObject(StringBuilder text, JsonElement value, string? without)
    {
        var separator = '{';
        foreach (var member in value.EnumerateObject().Where(member => member.Name != without).OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            text.Append(separator);
            WriteString(text, member.Name);
            text.Append(':');
            Write(text, member.Value, without: null);
            separator = ',';
        }

        text.Append(separator == '{' ? "{}" : "}");
    }

    private static void WriteString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var sign in value)
        {
            _ = sign switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append("\\u00").Append("0123456789abcdef"[sign >> 4]).Append("0123456789abcdef"[sign & 15]),
                _ => text.Append(sign),
            };
        }

        text.Append('"');
    }
}
