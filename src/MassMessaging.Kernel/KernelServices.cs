using System.Diagnostics;
using MassMessaging.Kernel.Clock;
using MassMessaging.Kernel.Messages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MassMessaging.Kernel;

public static class KernelServices
{
    private const int MostPrepared = 100;

    // A machine that lost its power or its network says no goodbye: the server ends its sessions, and their locks, within 4 s all the same.
    private const string VanishedMachines =
        "-c tcp_keepalives_idle=1 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=3 -c tcp_user_timeout=4000";

    // What is asked here takes milliseconds, which is less than compiling it would.
    private const string Planning = "-c jit=off";

    private static readonly Trouble StoppedViews = new(
        "select format('The view %s stands still before event %s.', name, seq_id) from view_stop order by name");

    /// <summary>
    /// Registers the store, the views, the messages and their daemons. Time is the database's, unless a <see cref="TimeProvider"/> other
    /// than the system's is registered already.
    /// </summary>
    public static IServiceCollection AddKernel(this IServiceCollection services, KernelOptions options, Action<KernelBuilder> declare)
    {
        var kernel = new KernelBuilder();
        declare(kernel);
        services.AddSingleton(options);
        services.AddSingleton(kernel);
        services.AddSingleton(new EventRegistry(kernel.Events));
        services.AddSingleton(_ => Database(options));
        services.AddSingleton(new InlineViews([.. kernel.Views.Where(view => view.Mode == ViewMode.Inline)]));
        services.AddSingleton<Draining>();
        services.AddSingleton(StoppedViews);
        services.AddSingleton(Nodes.NoneLives);
        services.AddSingleton<DatabaseRoles>();
        services.AddSingleton<BulkWork>();
        services.AddSingleton<Store>();
        services.AddSingleton<IStore>(provider => provider.GetRequiredService<Store>());
        services.AddSingleton<Migrator>();
        services.AddSingleton<SafePosition>();
        services.AddSingleton<EventPages>();
        services.AddSingleton(provider => new Views(
            kernel, provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<SafePosition>(),
            provider.GetRequiredService<EventPages>(), provider.GetRequiredService<WakeUp>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => Rebuild(provider, options));
        services.AddSingleton(provider => new EventChains(
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<EventRegistry>(), provider.GetRequiredService<Views>()));
        AddClock(services);
        services.AddHostedService<MigrateAtStart>();
        MessageServices.Add(services, kernel, options);
        if (options.Daemons) services.AddHostedService<ViewDaemon>().AddHostedService<RebuildDaemon>();
        return services;
    }

    private static ViewRebuild Rebuild(IServiceProvider provider, KernelOptions options)
    {
        var (database, pages, clock) = (
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<EventPages>(), provider.GetRequiredService<TimeProvider>());
        var ledger = new RebuildLedger(database, clock);
        var tools = new RebuildTools(
            database, provider.GetRequiredService<Views>(), new EventCopy(provider.GetRequiredService<EventRegistry>()), ledger,
            new RebuildExchange(pages, ledger, clock), options.Rebuild, provider.GetRequiredService<ILogger<ViewRebuild>>());
        return new ViewRebuild(tools, provider.GetRequiredService<WakeUp>(), clock);
    }

    private static void AddClock(IServiceCollection services)
    {
        var given = services.LastOrDefault(service => service.ServiceType == typeof(TimeProvider));
        if (given is not null && given.ImplementationInstance != TimeProvider.System) return;

        services.RemoveAll<TimeProvider>();
        services.AddSingleton<DatabaseClock>();
        services.AddSingleton<TimeProvider>(provider => provider.GetRequiredService<DatabaseClock>());
        services.AddHostedService<ClockKeeper>();
    }

    private static NpgsqlDataSource Database(KernelOptions options)
    {
        var builder = new NpgsqlDataSourceBuilder(options.ConnectionString);
        var connection = builder.ConnectionStringBuilder;
        connection.SearchPath = $"{options.Schema},public";
        connection.Timezone = "UTC";
        if (!options.ConnectionString.Contains(nameof(connection.MaxAutoPrepare), StringComparison.OrdinalIgnoreCase)
            && !options.ConnectionString.Contains("Max Auto Prepare", StringComparison.OrdinalIgnoreCase))
            (connection.MaxAutoPrepare, connection.AutoPrepareMinUsages) = (MostPrepared, 2); // planning some statements takes as long as running them
        connection.Options = $"{connection.Options} {VanishedMachines} {Planning} -c idle_in_transaction_session_timeout={(long)options.IdleInTransaction.TotalMilliseconds}".Trim();
        connection.IncludeErrorDetail = false; // it quotes rows, and what is thrown is logged
        builder.Name = "massmessaging"; // else monitoring is told where the database is, and as whom
        builder.ConfigureTracing(tracing => tracing
            .ConfigureCommandFilter(_ => IsTraced).ConfigureBatchFilter(_ => IsTraced).ConfigureCopyOperationFilter(_ => IsTraced)
            .EnableFirstResponseEvent(false).EnablePhysicalOpenTracing(false));
        return builder.Build();
    }

    /// <summary>Statements are told as a part of what asks them: polls, ticks and heartbeats are no traces.</summary>
    private static bool IsTraced => Activity.Current is not null;

    /// <summary>First of the hosted services: the daemons find their tables.</summary>
    private sealed class MigrateAtStart(Migrator migrator) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => migrator.Migrate(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
