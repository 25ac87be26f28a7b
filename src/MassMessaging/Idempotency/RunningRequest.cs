using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using MassMessaging.Http;

namespace MassMessaging.Idempotency;

/// <summary>A POST with a key, while it runs.</summary>
/// <param name="Key">SHA-256 of the key.</param>
/// <param name="Request">SHA-256 of what is asked.</param>
/// <param name="Attempt">Names this run: another one may take over when the claim has ended.</param>
internal sealed partial record RunningRequest(Caller Caller, byte[] Key, byte[] Request, Guid Attempt)
{
    private const int MostMentions = 1000;

    /// <summary>Something of it has been committed: it must not run again.</summary>
    public bool IsDone { get; set; }

    public static RunningRequest Of(Caller caller, string key, HttpRequest request, ReadOnlySpan<byte> body) => new(
        caller, SHA256.HashData(Encoding.UTF8.GetBytes(key)),
        SHA256.HashData([.. Encoding.UTF8.GetBytes($"{request.Method} {Address(request)}\n"), .. body]), Guid.CreateVersion7());

    /// <summary>
    /// Every id that the request and its answer name, so that the answer can go with a client. Null when there are too many, or when the
    /// answer names none and may speak of anybody: then it goes with whoever is erased first.
    /// </summary>
    public static Guid[]? Mentions(HttpRequest request, ReadOnlySpan<byte> body, ReadOnlySpan<byte> answer)
    {
        if (!answer.IsEmpty && !Id().IsMatch(Encoding.UTF8.GetString(answer))) return null;

        HashSet<Guid> ids = [];
        foreach (var text in (string[])[Address(request), Encoding.UTF8.GetString(body), Encoding.UTF8.GetString(answer)])
        {
            foreach (var match in Id().EnumerateMatches(text)) ids.Add(Guid.Parse(text.AsSpan(match.Index, match.Length)));
            if (ids.Count > MostMentions) return null;
        }

        return [.. ids];
    }

    private static string Address(HttpRequest request) => $"{request.Path}{request.QueryString}";

    [GeneratedRegex("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Id();
}
