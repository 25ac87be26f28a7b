using System.Runtime.InteropServices;
using System.Text.Json;

namespace MassMessaging.WhatsApp;

/// <summary>
/// Reads what others wrote without ever throwing. JSON may escape half of a surrogate pair (<c>"\ud800"</c>): no text holds that, so
/// <see cref="JsonElement.GetString"/> and <see cref="JsonElement.TryGetProperty(string, out JsonElement)"/> throw at it.
/// </summary>
internal static class ForeignJson
{
    /// <summary>Undefined when it is missing or this is no object. A name counts as written: nobody escapes letters.</summary>
    public static JsonElement Field(this JsonElement element, ReadOnlySpan<byte> name)
    {
        JsonElement found = default;
        if (element.ValueKind != JsonValueKind.Object) return found;

        foreach (var property in element.EnumerateObject())
        {
            if (JsonMarshal.GetRawUtf8PropertyName(property).SequenceEqual(name)) found = property.Value;
        }

        return found;
    }

    /// <summary>Null when it is no text.</summary>
    public static string? AsText(this JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String) return null;

        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
