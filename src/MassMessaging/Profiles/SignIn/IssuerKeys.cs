using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace MassMessaging.Profiles.SignIn;

/// <summary>
/// An issuer's discovery document and public keys: read when first needed and every hour, and when a token names a key that is not known.
/// That at most once in <see cref="BetweenRefreshes"/>, or made-up ids of keys would let anybody hammer the issuer. A key that the issuer
/// withdrew is forgotten with the next reading; while the issuer is away, what was read last stays.
/// </summary>
internal sealed partial class IssuerKeys : IConfigurationManager<OpenIdConnectConfiguration>, IDisposable
{
    public static readonly TimeSpan BetweenRefreshes = TimeSpan.FromSeconds(30);

    private const int LargestDocument = 1024 * 1024;

    private static readonly TimeSpan Age = TimeSpan.FromHours(1);

    private readonly string address;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly HttpClient http;
    private readonly HttpDocumentRetriever documents;
    private readonly SemaphoreSlim oneReads = new(1);
    private OpenIdConnectConfiguration known = new(); // of an issuer that was never reached: no key fits
    private long? readAt;

    public IssuerKeys(IssuerSettings issuer, TimeProvider clock, ILogger<IssuerKeys> log)
    {
        (address, this.clock, this.log) = ($"{issuer.Authority.TrimEnd('/')}/.well-known/openid-configuration", clock, log);
        http = new HttpClient { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = LargestDocument };
        documents = new HttpDocumentRetriever(http) { RequireHttps = !new Uri(issuer.Authority).IsLoopback };
    }

    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel)
    {
        await Read(readAt is null || known.SigningKeys.Count > 0 ? Age : BetweenRefreshes);
        return known;
    }

    public void RequestRefresh()
    {
        // A token that names an unknown key has asked before it was looked at, so that it need not come twice.
    }

    public Task Expect(string token) =>
        KeyOf(token) is { Length: > 0 } key && known.SigningKeys.All(other => other.KeyId != key) ? Read(BetweenRefreshes) : Task.CompletedTask;

    public void Dispose()
    {
        http.Dispose();
        oneReads.Dispose();
    }

    private static string? KeyOf(string token)
    {
        try
        {
            return new JsonWebToken(token).Kid;
        }
        catch (Exception malformed) when (malformed is ArgumentException or SecurityTokenException or FormatException)
        {
            return null;
        }
    }

    /// <summary>For all who wait, so no caller's going away ends it.</summary>
    private async Task Read(TimeSpan notWithin)
    {
        if (IsRecent(notWithin)) return;

        await oneReads.WaitAsync();
        try
        {
            if (IsRecent(notWithin)) return;

            readAt = clock.GetTimestamp();
            known = await OpenIdConnectConfigurationRetriever.GetAsync(address, documents, CancellationToken.None);
        }
        catch (Exception unread) // whatever it answered, or did not: a token that cannot be judged is no fault of ours
        {
            CouldNotRead(log, address, unread.GetType().Name);
        }
        finally
        {
            oneReads.Release();
        }
    }

    private bool IsRecent(TimeSpan within) => readAt is { } at && clock.GetElapsedTime(at) < within;

    [LoggerMessage(LogLevel.Warning, "The issuer's keys could not be read from {Address}: {Error}")]
    private static partial void CouldNotRead(ILogger log, string address, string error);
}
