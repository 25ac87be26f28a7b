using System.Net;
using System.Net.Sockets;

namespace MassMessaging.Notifications.Webhook;

/// <summary>All addresses of a host name.</summary>
public delegate Task<IPAddress[]> HostLookup(string host, CancellationToken ct);

/// <param name="AllowLoopback">For development: also <c>http</c>, and receivers on this machine.</param>
/// <param name="Timeout">From the look-up of the host to the end of the answer.</param>
public sealed record WebhookOptions(bool AllowLoopback, TimeSpan Timeout)
{
    public static WebhookOptions From(IConfiguration configuration) =>
        new(configuration.GetValue("NOTIFICATION_WEBHOOK_LOOPBACK", defaultValue: false), TimeSpan.FromSeconds(10));
}

/// <summary>
/// What a profile may have us call. Asked when the address is given, and again by each connection about the addresses that it really
/// opens: a name may lead elsewhere by then.
/// </summary>
public sealed class WebhookTargets(WebhookOptions options, HostLookup lookup)
{
    public const string Rule =
        "must be an https address of the public internet, on port 443 or one from 1024, without user name, password or fragment";

    private const int LowestFreePort = 1024;

    /// <summary>Null when the address is refused for how it is written.</summary>
    public Uri? Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.HostNameType is UriHostNameType.Unknown or UriHostNameType.Basic) return null;
        var isHttp = url.Scheme == Uri.UriSchemeHttps || (options.AllowLoopback && url.Scheme == Uri.UriSchemeHttp);
        var isPort = url.IsDefaultPort || url.Port >= LowestFreePort;
        return isHttp && isPort && url.UserInfo.Length == 0 && url.Fragment.Length == 0 ? url : null;
    }

    /// <exception cref="TargetRefusedException">The host has no address, or one that may not be called.</exception>
    public async Task<IPAddress[]> Addresses(string host, CancellationToken ct)
    {
        var addresses = await Find(host, ct);
        return addresses.Length > 0 && Array.TrueForAll(addresses, IsAllowed) ? addresses : throw new TargetRefusedException();
    }

    private bool IsAllowed(IPAddress address) => PublicAddress.Is(address) || (options.AllowLoopback && IPAddress.IsLoopback(address));

    private async Task<IPAddress[]> Find(string host, CancellationToken ct)
    {
        if (IPAddress.TryParse(host, out var literal)) return [literal];

        try
        {
            return await lookup(host, ct);
        }
        catch (SocketException)
        {
            return [];
        }
    }
}

/// <summary>The address may not be called. Whether it is private or unknown is not told: that would map the network behind us.</summary>
public sealed class TargetRefusedException() : Exception("The host does not lead to a public address.");
