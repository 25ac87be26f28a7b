using System.Globalization;

namespace MassMessaging.Http;

/// <summary>An aggregate's version as <c>ETag</c>, for <c>If-Match</c> only.</summary>
public static class Etag
{
    /// <summary>No aggregate is ever at this version: an If-Match that names none of ours fails.</summary>
    private const long Never = -1;

    public static void Set(HttpContext context, long version) =>
        context.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>The version that the caller expects; null when any will do.</summary>
    public static long? IfMatch(HttpContext context)
    {
        var header = context.Request.Headers.IfMatch.ToString().Trim();
        if (header.Length == 0 || header == "*") return null;

        if (header is not ['"', .. var digits, '"']) return Never;
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : Never;
    }
}
