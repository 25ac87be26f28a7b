using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace MassMessaging.Audit;

/// <summary>
/// One spelling for equal JSON (RFC 8785 as far as it goes): members sorted by name, no blanks, the fewest escapes; a number stays as it is
/// written. Written out here because the platform's writer escapes more than the RFC does. What needs no other spelling is taken over as the
/// bytes that stand there.
/// </summary>
public static class Canonical
{
    private static readonly Comparison<JsonProperty> ByName = Compare;
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(code => (char)code), '"', '\\']);

    /// <param name="value">Any JSON.</param>
    public static string Json(JsonElement value)
    {
        var json = new ArrayBufferWriter<byte>(512);
        Write(json, value);
        return Encoding.UTF8.GetString(json.WrittenSpan);
    }

    /// <param name="json">Where it goes, as UTF-8.</param>
    /// <param name="value">Any JSON.</param>
    /// <param name="without">A member of the outermost object that is left out.</param>
    public static void Write(IBufferWriter<byte> json, JsonElement value, string? without = null)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(json, value, without);
                break;
            case JsonValueKind.Array:
                var separator = "["u8;
                foreach (var entry in value.EnumerateArray())
                {
                    json.Write(separator);
                    Write(json, entry);
                    separator = ","u8;
                }

                json.Write(value.GetArrayLength() == 0 ? "[]"u8 : "]"u8);
                break;
            default:
                var raw = JsonMarshal.GetRawUtf8Value(value);
                if (raw.Contains((byte)'\\')) Write(json, value.GetString()!);
                else json.Write(raw);
                break;
        }
    }

    /// <summary>A text, or null.</summary>
    public static void Write(IBufferWriter<byte> json, string? value)
    {
        if (value is null)
        {
            json.Write("null"u8);
            return;
        }

        json.Write("\""u8);
        Encoding.UTF8.GetBytes(value.AsSpan().IndexOfAny(Escaped) < 0 ? value : Escape(value), json);
        json.Write("\""u8);
    }

    private static void WriteObject(IBufferWriter<byte> json, JsonElement value, string? without)
    {
        var members = new List<JsonProperty>(value.GetPropertyCount());
        foreach (var member in value.EnumerateObject())
        {
            if (without is null || !member.NameEquals(without)) members.Add(member);
        }

        members.Sort(ByName);
        var separator = "{"u8;
        foreach (var member in members)
        {
            json.Write(separator);
            Write(json, member.Name);
            json.Write(":"u8);
            Write(json, member.Value);
            separator = ","u8;
        }

        json.Write(members.Count == 0 ? "{}"u8 : "}"u8);
    }

    // The RFC sorts by UTF-16 units, which for plain letters are the bytes that stand there.
    private static int Compare(JsonProperty left, JsonProperty right)
    {
        var first = JsonMarshal.GetRawUtf8PropertyName(left);
        var second = JsonMarshal.GetRawUtf8PropertyName(right);
        return IsPlain(first) && IsPlain(second) ? first.SequenceCompareTo(second) : string.CompareOrdinal(left.Name, right.Name);
    }

    private static bool IsPlain(ReadOnlySpan<byte> name) => Ascii.IsValid(name) && !name.Contains((byte)'\\');

    private static string Escape(string value)
    {
        var text = new StringBuilder(value.Length + 16);
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

        return text.ToString();
    }
}
