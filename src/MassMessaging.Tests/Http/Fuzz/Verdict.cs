using System.Text.Json;
using System.Text.RegularExpressions;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.OpenApi;

namespace MassMessaging.Tests.Http.Fuzz;

/// <summary>What an answer must be, whatever was asked.</summary>
internal sealed partial class Verdict(Contract contract, string notToBeRead)
{
    /// <summary>5xx that say how this app is set up, or that its number waits, and not that something broke.</summary>
    private static readonly string[] Said = ["mail-not-configured", "lane-held", "instance-down"];

    /// <summary>Null when nothing is wrong.</summary>
    public async Task<string?> On(HttpResponseMessage answer, Attack attack)
    {
        var (status, mediaType) = ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType);
        if (mediaType == "text/event-stream") return status == 200 ? null : $"{status} as a stream";

        var text = await answer.Content.ReadAsStringAsync();
        var isJson = mediaType is "application/json" or "application/problem+json";
        var json = isJson && text.Length > 0 ? JsonElement.Parse(text) : (JsonElement?)null;
        var code = json is { ValueKind: JsonValueKind.Object } body && body.TryGetProperty("code", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;

        if (status >= 500 && !Said.Contains(code)) return $"{status} {text}";
        if (text.Contains(notToBeRead, StringComparison.Ordinal)) return $"{status} shows what is another's: {text}";
        if (status < 400) return attack.Method == "HEAD" ? null : contract.Judge(attack.Method, PathOf(attack), status, mediaType, json, remembers: false);
        if (answer.Headers.Contains("Set-Cookie") && status != 401) return $"{status} sets a cookie";
        if (attack.Method == "HEAD") return null; // without a body

        if (IsNoHttp(attack) && status is 400 or 414 && text.Length == 0) return null;
        if (mediaType != "application/problem+json" || code is null) return $"{status} is no problem: {mediaType} {text}";
        if (!Documentation.Codes.Contains(code)) return $"{status} {code} is not in docs/api.md";
        if (code == "method-not-allowed") return status == 405 ? null : $"{status} {code}"; // of any address
        return Leak().Match(text) is { Success: true } leak
            ? $"{status} tells \"{leak.Value}\": {text}"
            : contract.Judge(attack.Method, PathOf(attack), status, mediaType, json, remembers: false);
    }

    /// <summary>A NUL in the path, a line longer than 8 KiB: refused by the server before anything of ours sees it.</summary>
    private static bool IsNoHttp(Attack attack) => PathOf(attack).Contains("%00", StringComparison.Ordinal) || attack.PathAndQuery.Length > 8_000;

    private static string PathOf(Attack attack) => attack.PathAndQuery.Split('?')[0];

    /// <summary>What only a stack trace, a statement, a connection or a file of ours would say.</summary>
    [GeneratedRegex(@"\bat [A-Z]\w+\.\w+|System\.\w+|Npgsql|Microsoft\.|MassMessaging\.|Exception|\bselect .* from\b|SQLSTATE|\b(23505|22P02|22021|42501)\b|\.cs:line|/usr/|/home/|/tmp/|Host=|Port=\d", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Leak();

    /// <summary>The table of docs/api.md.</summary>
    private static partial class Documentation
    {
        public static readonly HashSet<string> Codes = [.. Row().Matches(File.ReadAllText(Path.Combine(Sources.Root, "docs", "api.md"))).Select(row => row.Groups["code"].Value)];

        [GeneratedRegex(@"^\| `(?<code>[a-z0-9-]+)` \| \d{3}", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
        private static partial Regex Row();
    }
}
