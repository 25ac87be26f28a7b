using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static MassMessaging.Tests.Kernel.Given;

namespace MassMessaging.Tests.Kernel;

/// <summary>Whatever user the connection string names, the store works as the service's roles; one who cannot make them is told what to do.</summary>
public sealed class DatabaseRolesSpecs(TestCluster cluster) : IAsyncLifetime
{
    private readonly string user = $"owner_{Guid.NewGuid():n}";
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.Create(cluster);
        await database.Execute($"drop schema {database.Schema}");
    }

    public async ValueTask DisposeAsync()
    {
        await database.Execute($"drop owned by {user} cascade; drop role {user}");
        await database.DisposeAsync();
    }

    [Theory]
    [InlineData("superuser")]
    [InlineData("createrole")]
    public async Task Whoever_connects_asks_as_the_services_roles(string right)
    {
        await using var services = await Installed(right);
        await services.GetRequiredService<Migrator>().Migrate(default);
        await services.GetRequiredService<Migrator>().Migrate(default); // the next start changes nothing
        var store = services.GetRequiredService<IStore>();

        Assert.Equal(["mass_messaging_worker"], await Role(store));
        using (RowScope.Of(Guid.NewGuid())) Assert.Equal(["mass_messaging_app"], await Role(store));

        var parcel = NewKey();
        await using (var session = store.Open(Origin.System))
        {
            session.Append(parcel, 0, Posted());
            await session.Commit(default);
        }

        Assert.Equal(1, (await store.AsOf<Parcel>(parcel, 1, default)).Version);
        using (RowScope.Of(Guid.NewGuid())) Assert.Equal(0, (await store.AsOf<Parcel>(parcel, 1, default)).Version);
    }

    [Fact]
    public async Task The_role_ends_with_the_transaction()
    {
        await using var services = await Installed("superuser");
        await services.GetRequiredService<Migrator>().Migrate(default);
        using (RowScope.Of(Guid.NewGuid())) await Role(services.GetRequiredService<IStore>());

        await using var command = services.GetRequiredService<NpgsqlDataSource>().CreateCommand("select current_user || coalesce(current_setting('app.tenant_id', true), '')");
        Assert.Equal(user, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Who_may_not_make_the_roles_is_told_what_an_administrator_has_to_do()
    {
        await using var services = await Installed("nocreaterole");
        foreach (var role in (string[])["mass_messaging_app", "mass_messaging_worker"]) // of the cluster: other specs may have made them
            await database.Execute($"do $$ begin create role {role} nologin; exception when duplicate_object or unique_violation then null; end $$");
        var migrator = services.GetRequiredService<Migrator>();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => migrator.Migrate(default));
        var grant = refused.MessageText[refused.MessageText.IndexOf("grant ", StringComparison.Ordinal)..];

        await database.Execute(grant);
        await migrator.Migrate(default);

        Assert.Equal(["mass_messaging_worker"], await Role(services.GetRequiredService<IStore>()));
    }

    private async Task<ServiceProvider> Installed(string right)
    {
        await database.Execute($"create role {user} login password 'secret' {right}; grant create on database \"{new NpgsqlConnectionStringBuilder(database.ConnectionString).Database}\" to {user}");
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = user, Password = "secret", MaxPoolSize = 1 };
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddKernel(new KernelOptions(connection.ConnectionString, database.Schema) { Daemons = false }, kernel => kernel
            .Stream("parcel", parcel => parcel.Event<ParcelPosted>("parcel_posted").Event<ParcelMoved>("parcel_moved").Event<ParcelLost>("parcel_lost")));
        return services.BuildServiceProvider();
    }

    private static Task<List<string>> Role(IStore store) => store.Query("select current_user::text", row => row.GetString(0), default);
}
