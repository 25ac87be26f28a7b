using System.Net;

namespace MassMessaging.Profiles.SignIn;

/// <summary>
/// Where no mail is sent, an address counts as confirmed if it was registered on the machine that the service runs on: whoever works there
/// could confirm it as well (<see cref="OperatorsCommand"/>). What came over a proxy did not come from there.
/// </summary>
public sealed class Vouching(IHttpContextAccessor http, MailSettings? mail = null)
{
    private static readonly string[] OfProxies = ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"];

    /// <summary>By the request that is being answered; false where there is none.</summary>
    public bool Asked() => mail is null && http.HttpContext is { } context && IsLocal(context.Connection.RemoteIpAddress)
        && !OfProxies.Any(context.Request.Headers.ContainsKey);

    private static bool IsLocal(IPAddress? address) =>
        address is not null && IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
