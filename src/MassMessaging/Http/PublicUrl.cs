using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace MassMessaging.Http;

/// <summary>Where others reach this service: <c>PUBLIC_URL</c>, else its own address, which is known only once it listens.</summary>
public sealed class PublicUrl(Settings settings, IServer server)
{
    private const string InMemory = "http://localhost/"; // the specs' host listens nowhere

    public Uri Value => settings.PublicUrl ?? Own;

    /// <summary>An address that a process on the same machine can call.</summary>
    public Uri Own
    {
        get
        {
            var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? InMemory;
            return new Uri(address
                .Replace("://[::]", "://127.0.0.1", StringComparison.Ordinal)
                .Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal)
                .Replace("://+", "://127.0.0.1", StringComparison.Ordinal)
                .Replace("://*", "://127.0.0.1", StringComparison.Ordinal));
        }
    }
}
