using System.Text;

namespace MassMessaging.Tests.Http.Fuzz;

/// <summary>One request, as it goes over the wire.</summary>
internal sealed record Attack(string Method, string PathAndQuery, IReadOnlyList<(string Name, string Value)> Headers, byte[]? Body, string? ContentType, bool IsChunked)
{
    public HttpRequestMessage Request(Uri service)
    {
        // As it is written here: a Uri would make some of it right.
        var uri = new Uri($"{service.GetLeftPart(UriPartial.Authority)}{PathAndQuery}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(Method), uri);
        if (Body is not null)
        {
            request.Content = new ByteArrayContent(Body);
            if (ContentType is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
            request.Headers.TransferEncodingChunked = IsChunked;
            request.Headers.ExpectContinue = Body.Length > 500_000; // a server that refuses a body unread may cut the connection
        }

        foreach (var (name, value) in Headers)
        {
            if (name == "Authorization") request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    public override string ToString()
    {
        var body = Body is null ? "" : Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 1_000)));
        return $"{Method} {Short(PathAndQuery)} [{string.Join(" | ", Headers.Select(header => $"{header.Name}: {Short(header.Value)}"))}] {ContentType} {body}";
    }

    private static string Short(string text) => text.Length > 300 ? $"{text[..300]}…" : text;
}
