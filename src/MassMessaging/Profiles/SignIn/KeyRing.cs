using System.Xml.Linq;
using MassMessaging.Kernel;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;

namespace MassMessaging.Profiles.SignIn;

/// <summary>Data Protection's keys in the database: a token or a stored secret can be read by every node and after a restart.</summary>
public sealed class KeyRing(IStore store) : IXmlRepository
{
    private const string All = "select xml from data_protection_key order by id";

    private const string Insert = "insert into data_protection_key (name, xml, created_at) values (@name, @xml, @now)";

    // The interface is synchronous; it is asked at start and once a day.
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var all = RowScope.OfService(); // whichever request needs them first
        return store.Query(All, row => XElement.Parse(row.GetString(0)), CancellationToken.None).GetAwaiter().GetResult();
    }

    public void StoreElement(XElement element, string friendlyName) =>
        Write(element.ToString(SaveOptions.DisableFormatting), friendlyName).GetAwaiter().GetResult();

    private async Task Write(string xml, string name)
    {
        using var all = RowScope.OfService();
        await using var session = store.Open(Origin.System);
        await session.Sql(Insert, CancellationToken.None, ("name", name), ("xml", xml), ("now", session.Now));
        await session.Commit(CancellationToken.None);
    }
}

/// <summary>Makes the first key under a lock: nodes that start together on a new database would else each trust only their own.</summary>
internal sealed class FirstKey(IStore store, IKeyManager keys) : IHostedService
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var session = store.Open(Origin.System);
        await session.Query("select pg_advisory_xact_lock(hashtext('data_protection_key'))", _ => 0, cancellationToken);
        if (keys.GetAllKeys().Count > 0) return;

        var now = TimeProvider.System.GetUtcNow(); // Data Protection knows no other clock
        keys.CreateNewKey(now, now + Lifetime);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

internal sealed class UseKeyRing(KeyRing ring) : IConfigureOptions<KeyManagementOptions>
{
    public void Configure(KeyManagementOptions options) => options.XmlRepository = ring;
}
