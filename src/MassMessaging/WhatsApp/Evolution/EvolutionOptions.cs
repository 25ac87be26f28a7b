namespace MassMessaging.WhatsApp.Evolution;

/// <param name="Url">Base address of the gateway (<c>EVOLUTION_API_URL</c>); null when none is configured.</param>
/// <param name="ApiKey">The global key (<c>EVOLUTION_API_KEY</c>): commands every instance, so it never leaves the server.</param>
/// <param name="CallTimeout">
/// Of a send, in all (<c>EVOLUTION_CALL_TIMEOUT_SECONDS</c>): above the gateway's own 60 s for a socket query.
/// </param>
/// <param name="ConnectTimeout">Of the TCP and TLS connection.</param>
public sealed record EvolutionOptions(Uri? Url, string ApiKey, TimeSpan CallTimeout, TimeSpan ConnectTimeout)
{
    /// <summary>Of calls other than sends: connecting waits up to 5 s for a QR code.</summary>
    public TimeSpan ManageTimeout { get; } = CallTimeout < TimeSpan.FromSeconds(20) ? CallTimeout : TimeSpan.FromSeconds(20);

    public static EvolutionOptions From(IConfiguration configuration)
    {
        var call = TimeSpan.FromSeconds(configuration.GetValue<double?>("EVOLUTION_CALL_TIMEOUT_SECONDS") ?? 75);
        var connect = TimeSpan.FromSeconds(configuration.GetValue<double?>("EVOLUTION_CONNECT_TIMEOUT_SECONDS") ?? 5);
        return new(BaseOf(configuration["EVOLUTION_API_URL"]), configuration["EVOLUTION_API_KEY"] ?? "", call, connect);
    }

    private static Uri? BaseOf(string? url) =>
        string.IsNullOrWhiteSpace(url) ? null : new Uri($"{url.Trim().TrimEnd('/')}/", UriKind.Absolute);
}
