using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MassMessaging.Tests.OpenApi;

/// <summary>One answer that some spec got. <paramref name="Operation"/> is as <c>GET /api/clients/{id}</c>.</summary>
public sealed record SeenAnswer(string Operation, int Status, string? Code);

/// <summary>The OpenAPI document as a judge of answers, and the memory of all that the specs of this run got.</summary>
public sealed class Contract
{
    /// <summary>With ?useCookies=true the tokens are in the cookie.</summary>
    private const string MayAnswerWithoutBody = "POST /api/auth/login";

    private readonly JsonElement document;
    private readonly AnswerSchema schemas;
    private readonly (string Method, string Path, Regex Matches, JsonElement Operation)[] operations;

    public Contract(JsonElement document)
    {
        this.document = document;
        schemas = new AnswerSchema(document);
        operations = [.. Operations(document).OrderBy(operation => operation.Path.Count(sign => sign == '{'))];
    }

    /// <summary>By every spec of this process.</summary>
    public static ConcurrentDictionary<SeenAnswer, bool> Seen { get; } = [];

    /// <summary>All operations with the statuses and codes that they are documented to refuse with.</summary>
    public IEnumerable<SeenAnswer> Documented() =>
        from operation in operations
        from response in operation.Operation.GetProperty("responses").EnumerateObject()
        from code in Codes(schemas.Resolved(response.Value)).DefaultIfEmpty(null)
        select new SeenAnswer($"{operation.Method} {operation.Path}", int.Parse(response.Name, null), code);

    /// <summary>
    /// What is wrong with an answer, by the document; null for nothing. <paramref name="json"/> is null unless it was JSON.
    /// </summary>
    /// <param name="remembers">False for requests made by chance: what they are answered is no spec of a code.</param>
    public string? Judge(string method, string path, int status, string? mediaType, JsonElement? json, bool remembers = true)
    {
        var found = Array.Find(operations, operation => operation.Method == method && operation.Matches.IsMatch(path));
        if (found.Path is null) return null; // the conventions' own specs look at what has no route

        var name = $"{method} {found.Path}";
        var code = mediaType == "application/problem+json" ? json?.GetProperty("code").GetString() : null;
        if (remembers) Seen.TryAdd(new SeenAnswer(name, status, code), true);
        if (!found.Operation.GetProperty("responses").TryGetProperty($"{status}", out var named))
            return $"{name} does not document {status} {code}";

        var response = schemas.Resolved(named);
        if (code is not null && !Codes(response).Contains(code)) return $"{name} does not document the code {code} of {status}";

        var content = response.TryGetProperty("content", out var contents) ? contents : default;
        if (mediaType is null) return content.ValueKind == JsonValueKind.Object && name != MayAnswerWithoutBody ? $"{name} documents a body for {status} and gave none" : null;
        if (content.ValueKind != JsonValueKind.Object || !content.TryGetProperty(mediaType, out var media))
            return $"{name} does not document {mediaType} for {status}";

        return json is { } body && schemas.Wrong(media.GetProperty("schema"), body, "") is { } wrong ? $"{name} {status}: {wrong}" : null;
    }

    public IEnumerable<(string Method, string Path, JsonElement Operation)> All() =>
        operations.Select(operation => (operation.Method, operation.Path, operation.Operation));

    /// <summary>Every schema that an answer of ours can have, by its name in the document.</summary>
    public IEnumerable<JsonProperty> Schemas() => document.GetProperty("components").GetProperty("schemas").EnumerateObject();

    private static IEnumerable<string?> Codes(JsonElement response) =>
        response.TryGetProperty("x-codes", out var codes) ? codes.EnumerateArray().Select(code => code.GetString()) : [];

    private static IEnumerable<(string Method, string Path, Regex Matches, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        let pattern = Regex.Replace(Regex.Escape(path.Name), @"\\\{[^}]*}", "[^/]+", RegexOptions.None, TimeSpan.FromSeconds(1))
        select (operation.Name.ToUpperInvariant(), path.Name, new Regex($"^{pattern}/?$", RegexOptions.None, TimeSpan.FromSeconds(1)), operation.Value);
}
