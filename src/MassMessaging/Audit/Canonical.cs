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
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(code => (char)code), '"', '\\']);

    /// <param name="value">Any JSON.</param>
    public static string Json(JsonElement value)
    {
        var json = new ArrayBufferWriter<byte>(512);
        Write(json, Raw(value));
        return Encoding.UTF8.GetString(json.WrittenSpan);
    }

    public static ReadOnlyMemory<byte> Raw(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).ToArray();

    /// <param name="json">Where it goes, as UTF-8.</param>
    /// <param name="value">Any JSON, as UTF-8.</param>
    /// <param name="without">A member of the outermost object that is left out.</param>
    /// <exception cref="JsonException">It is none.</exception>
    public static void Write(IBufferWriter<byte> json, ReadOnlyMemory<byte> value, string? without = null)
    {
        var reader = new Utf8JsonReader(value.Span);
        _ = reader.Read();
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                WriteObject(json, value, ref reader, without);
                break;
            case JsonTokenType.StartArray:
                var separator = "["u8;
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    json.Write(separator);
                    Write(json, Value(value, ref reader));
                    separator = ","u8;
                }

                json.Write(separator[0] == '[' ? "[]"u8 : "]"u8);
                break;
            default:
                if (reader.ValueIsEscaped) Write(json, reader.GetString());
                else json.Write(Value(value, ref reader).Span);
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

    private static void WriteObject(IBufferWriter<byte> json, ReadOnlyMemory<byte> all, ref Utf8JsonReader reader, string? without)
    {
        var (members, count) = (ArrayPool<Member>.Shared.Rent(16), 0);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isLeftOut = without is not null && reader.ValueTextEquals(without);
            var (start, length, isEscaped) = ((int)reader.TokenStartIndex, reader.ValueSpan.Length + 2, reader.ValueIsEscaped);
            _ = reader.Read();
            if (count == members.Length) members = Larger(members);
            members[count] = new Member(all.Slice(start, length), isEscaped, Value(all, ref reader));
            if (!isLeftOut) count++;
        }

        members.AsSpan(0, count).Sort(Member.Compare);
        var separator = "{"u8;
        foreach (var member in members.AsSpan(0, count))
        {
            json.Write(separator);
            if (member.IsEscaped) Write(json, member.Text);
            else json.Write(member.Quoted.Span);
            json.Write(":"u8);
            Write(json, member.Value);
            separator = ","u8;
        }

        json.Write(count == 0 ? "{}"u8 : "}"u8);
        ArrayPool<Member>.Shared.Return(members);
    }

    private static Member[] Larger(Member[] members)
    {
        var larger = ArrayPool<Member>.Shared.Rent(members.Length * 2);
        members.CopyTo(larger, 0);
        ArrayPool<Member>.Shared.Return(members);
        return larger;
    }

    /// <summary>The whole of what begins here; the reader stands at its end.</summary>
    private static ReadOnlyMemory<byte> Value(ReadOnlyMemory<byte> all, ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return all[start..(int)reader.BytesConsumed];
    }

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

    /// <param name="Quoted">Its name as it stands there.</param>
    private readonly record struct Member(ReadOnlyMemory<byte> Quoted, bool IsEscaped, ReadOnlyMemory<byte> Value)
    {
        public string Text
        {
            get
            {
                var reader = new Utf8JsonReader(Quoted.Span);
                _ = reader.Read();
                return reader.GetString()!;
            }
        }

        private ReadOnlySpan<byte> Bare => Quoted.Span[1..^1];

        // The RFC sorts by UTF-16 units, which for plain letters are the bytes that stand there.
        public static int Compare(Member left, Member right) =>
            left.IsPlain && right.IsPlain ? left.Bare.SequenceCompareTo(right.Bare) : string.CompareOrdinal(left.Text, right.Text);

        private bool IsPlain => !IsEscaped && Ascii.IsValid(Bare);
    }
}
