using System.Net;
using System.Net.Sockets;

namespace MassMessaging.Notifications.Webhook;

/// <summary>
/// Which addresses a profile may have us call: those of the public internet. Everything else is a way into the network that we stand in.
/// The ranges are those of IANA's special-purpose registries (RFC 6890), which list what is not globally reachable.
/// </summary>
public static class PublicAddress
{
    private static readonly IPNetwork[] NotPublic4 =
    [
        IPNetwork.Parse("0.0.0.0/8"), // this network
        IPNetwork.Parse("10.0.0.0/8"), // private
        IPNetwork.Parse("100.64.0.0/10"), // carrier-grade NAT; 100.100.100.200 is a cloud's metadata
        IPNetwork.Parse("127.0.0.0/8"), // loopback
        IPNetwork.Parse("168.63.129.16/32"), // Azure's host
        IPNetwork.Parse("169.254.0.0/16"), // link-local; 169.254.169.254 is the clouds' metadata
        IPNetwork.Parse("172.16.0.0/12"), // private
        IPNetwork.Parse("192.0.0.0/24"), // protocol assignments; 192.0.0.192 is a cloud's metadata
        IPNetwork.Parse("192.0.2.0/24"), // documentation
        IPNetwork.Parse("192.88.99.0/24"), // 6to4 relays
        IPNetwork.Parse("192.168.0.0/16"), // private
        IPNetwork.Parse("198.18.0.0/15"), // benchmarks
        IPNetwork.Parse("198.51.100.0/24"), // documentation
        IPNetwork.Parse("203.0.113.0/24"), // documentation
        IPNetwork.Parse("224.0.0.0/4"), // multicast
        IPNetwork.Parse("240.0.0.0/4"), // reserved, and broadcast
    ];

    /// <summary>
    /// Only this is given out as global unicast: loopback, link-local, unique local, multicast and IPv4-compatible lie outside.
    /// </summary>
    private static readonly IPNetwork Unicast6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] NotPublic6 =
    [
        IPNetwork.Parse("2001::/23"), // protocol assignments, Teredo among them
        IPNetwork.Parse("2001:db8::/32"), // documentation
        IPNetwork.Parse("2002::/16"), // 6to4: a tunnel to the IPv4 address within
        IPNetwork.Parse("3fff::/20"), // documentation
    ];

    /// <summary>NAT64: on a network without IPv4, every public IPv4 address is reached through it, and every private one too.</summary>
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return Is(address.MapToIPv4());
        if (address.AddressFamily == AddressFamily.InterNetwork) return !Array.Exists(NotPublic4, range => range.Contains(address));
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return false;
        if (Nat64.Contains(address)) return Is(new IPAddress(address.GetAddressBytes().AsSpan(12)));

        return Unicast6.Contains(address) && !Array.Exists(NotPublic6, range => range.Contains(address));
    }
}
