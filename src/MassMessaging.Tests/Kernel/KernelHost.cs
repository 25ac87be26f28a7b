using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace MassMessaging.Tests.Kernel;

/// <summary>The kernel alone on a fresh schema, with parcels as its feature; its daemons run only when a spec says so.</summary>
public sealed class KernelHost : IAsyncDisposable
{
    private const string Tables = """
        create table if not exists parcel_row (
            profile_id uuid not null, id uuid not null, kind text not null, grams bigint not null, kilometres bigint not null,
            moves int not null, is_far boolean not null, tons double precision not null, moved_by text, wanted_at timestamptz not null,
            moved_at timestamptz, last_kind text, primary key (profile_id, id));
        create table if not exists route_row (
            profile_id uuid not null, id uuid not null, parcels bigint not null, kilometres bigint not null, last_at timestamptz not null,
            primary key (profile_id, id));
        create index if not exists route_row_last_at on route_row (profile_id, last_at);
        create table if not exists route_sums (
            profile_id uuid not null, route_id uuid not null, posted bigint not null, moved bigint not null, kilometres bigint not null,
            lost bigint not null, primary key (profile_id, route_id));
        """;

    private readonly ServiceProvider services;

    private KernelHost(TestDatabase database, ServiceProvider services)
    {
        Database = database;
        this.services = services;
    }

    public TestDatabase Database { get; }

    public IStore Store => services.GetRequiredService<IStore>();

    public static async Task<KernelHost> Start(
        TestDatabase database, Action<IServiceCollection>? configure = null, Action<KernelBuilder>? declare = null, TimeSpan? poll = null,
        RebuildOptions? rebuild = null)
    {
        var collection = new ServiceCollection();
        collection.AddLogging();
        configure?.Invoke(collection);
        var options = new KernelOptions(database.ConnectionString, database.Schema) { Daemons = false, Rebuild = rebuild ?? new() };
        collection.AddKernel(poll is { } rest ? options with { Poll = rest } : options, kernel => (declare ?? Parcels)(kernel));
        var host = new KernelHost(database, collection.BuildServiceProvider());
        await host.Get<Migrator>().Migrate(CancellationToken.None);
        await database.Execute(Tables);
        return host;
    }

    public static void Parcels(KernelBuilder kernel) => kernel
        .Stream("parcel", parcel => parcel
            .Event<ParcelPosted>("parcel_posted")
            .Event<ParcelMoved>("parcel_moved")
            .Event<ParcelLost>("parcel_lost"))
        .RowView<ParcelRow>(ViewMode.Inline)
        .RowView<RouteRow>(ViewMode.Async)
        .SumView<RouteSums>();

    public Views Views => Get<Views>();

    public ViewRebuild Rebuild => Get<ViewRebuild>();

    /// <summary>This node's view daemon, to be started and stopped by the spec.</summary>
    public IHostedService Daemon() => ActivatorUtilities.CreateInstance<ViewDaemon>(services);

    /// <summary>Returns when the running daemons have taken in all that was committed, without helping them.</summary>
    public async Task Reached(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        while ((await Views.Status(limit.Token)).Any(status => status.Lag > 0)) await Task.Yield();
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public NpgsqlDataSource DataSource => Get<NpgsqlDataSource>();

    public ISession Open() => Store.Open(new Origin("user:1", "request-1", "message-1"));

    public async Task Commit(StreamKey stream, long expectedVersion, params object[] events)
    {
        await using var session = Open();
        session.Append(stream, expectedVersion, events);
        await session.Commit(CancellationToken.None);
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
