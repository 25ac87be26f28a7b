using System.Security.Cryptography;
using System.Text.Json;
using MassMessaging.Http;
using Microsoft.AspNetCore.DataProtection;

namespace MassMessaging.Idempotency;

/// <summary>An answer as it is given again: status, the headers that mean something, body.</summary>
internal sealed record KeptAnswer(int Status, Dictionary<string, string> Headers, byte[] Body)
{
    private const int LargestBody = 4 * 1024 * 1024;

    private static readonly string[] MeaningfulHeaders = ["Content-Type", "ETag", "Link", "Location", "X-Total-Count"];

    /// <summary>Null for what says to try again: faults, and whatever carries <c>Retry-After</c>.</summary>
    public static KeptAnswer? Of(HttpResponse response, byte[] body)
    {
        if (response.StatusCode >= StatusCodes.Status499ClientClosedRequest || response.Headers.RetryAfter.Count > 0) return null;
        if (body.Length > LargestBody) return null;

        var headers = MeaningfulHeaders.Where(response.Headers.ContainsKey).ToDictionary(name => name, name => response.Headers[name].ToString());
        return new KeptAnswer(response.StatusCode, headers, body);
    }

    public byte[] Protect(IDataProtectionProvider protection, RunningRequest request) =>
        Protector(protection, request).Protect(JsonSerializer.SerializeToUtf8Bytes(this, JsonConventions.Options));

    /// <summary>Null when it cannot be read any more.</summary>
    public static KeptAnswer? Unprotect(byte[] secret, IDataProtectionProvider protection, RunningRequest request)
    {
        try
        {
            return JsonSerializer.Deserialize<KeptAnswer>(Protector(protection, request).Unprotect(secret), JsonConventions.Options);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public async Task Give(HttpResponse response, CancellationToken ct)
    {
        response.StatusCode = Status;
        foreach (var (name, value) in Headers) response.Headers[name] = value;
        await response.Body.WriteAsync(Body, ct);
    }

    // One profile's answer is of no use in another's row, nor under another key.
    private static IDataProtector Protector(IDataProtectionProvider protection, RunningRequest request) =>
        protection.CreateProtector("idempotent-answers", request.Caller.ProfileId.ToString(), Convert.ToHexString(request.Key));
}
