using MassMessaging.Clients;
using MassMessaging.Clients.Consent;
using MassMessaging.Clients.Import;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Clients;

/// <summary>The product's tables and store on a fresh schema, without the service around them.</summary>
public sealed class ClientDatabase(TestCluster cluster) : IAsyncLifetime
{
    private readonly TestDatabase database = new(cluster);
    private ServiceProvider services = null!;

    public IStore Store => services.GetRequiredService<IStore>();

    public NewClients NewClients { get; } = new(new SuppressedNumbers(new EphemeralDataProtectionProvider()));

    public ClientImport Import => new(Store, NewClients);

    public async ValueTask InitializeAsync()
    {
        await database.InitializeAsync();
        services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddKernel(new KernelOptions(database.ConnectionString, database.Schema) { Daemons = false }, Features.Declare)
            .BuildServiceProvider();
        await services.GetRequiredService<Migrator>().Migrate(default);
    }

    public string Schema => database.Schema;

    public Npgsql.NpgsqlDataSource DataSource => database.DataSource;

    public Task Execute(string sql) => database.Execute(sql);

    public Task<T?> Value<T>(string sql) => database.Value<T>(sql);

    public async Task<Guid> Profile(string country = "MX")
    {
        var id = Guid.CreateVersion7();
        await database.Execute($"""
            insert into profile (id, user_id, display_name, slug, country, time_zone, language, identification_enabled, identification_text,
                                 assistant_specialties, assistant_banned_terms, version, created_at, updated_at)
            values ('{id}', '{Guid.NewGuid()}', 'Asesora', '{id:n}', '{country}', 'America/Mexico_City', 'es', true, '',
                    array[]::text[], array[]::text[], 1, now(), now())
            """);
        return id;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await database.DisposeAsync();
    }
}
