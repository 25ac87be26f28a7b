namespace MassMessaging.WhatsApp.Cloud;

/// <param name="Url">
/// Base address (<c>WHATSAPP_CLOUD_URL</c>), with the version (<c>WHATSAPP_CLOUD_VERSION</c>): each lives about two years.
/// </param>
/// <param name="CallTimeout">Of a send, in all.</param>
internal sealed record CloudOptions(Uri Url, TimeSpan CallTimeout, TimeSpan ConnectTimeout)
{
    private const string Meta = "https://graph.facebook.com";
    private const string Version = "v23.0";
    private const double LongestCall = 30;

    /// <summary>Of calls other than sends.</summary>
    public TimeSpan ManageTimeout => CallTimeout;

    public static CloudOptions From(IConfiguration configuration)
    {
        // Never longer than what holders of unanswered sends are waited for.
        var call = Math.Min(LongestCall, configuration.GetValue<double?>("EVOLUTION_CALL_TIMEOUT_SECONDS") ?? LongestCall);
        var url = Given(configuration["WHATSAPP_CLOUD_URL"]) ?? Meta;
        var version = Given(configuration["WHATSAPP_CLOUD_VERSION"]) ?? Version;
        return new(new Uri($"{url.TrimEnd('/')}/{version}/", UriKind.Absolute), TimeSpan.FromSeconds(call), TimeSpan.FromSeconds(5));
    }

    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
