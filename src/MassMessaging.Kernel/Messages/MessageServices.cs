using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace MassMessaging.Kernel.Messages;

/// <summary>The kernel's message part: outbox, wake-up, workers.</summary>
internal static class MessageServices
{
    public static void Add(IServiceCollection services, KernelBuilder kernel, KernelOptions options)
    {
        services.AddSingleton(NodeId.New());
        services.AddSingleton(new MessageRegistry(kernel));
        services.AddSingleton<Outbox>();
        services.AddSingleton<WakeUp>();
        services.AddSingleton<Nodes>();
        services.AddSingleton<InHand>();
        services.AddSingleton<Claims>();
        services.AddSingleton<Settlement>();
        services.AddSingleton<Handling>();
        services.AddSingleton<OneCommit>();
        services.AddSingleton<NextBatch>();
        services.AddSingleton<LeaseKeeper>();
        services.AddSingleton<DeadNodes>();
        services.AddSingleton<MessageWorkers>();
        services.AddSingleton<DeadLetters>();
        services.AddSingleton(provider => new Queues(
            provider.GetRequiredService<NpgsqlDataSource>(), provider.GetRequiredService<MessageRegistry>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new KernelDrain(
            provider.GetRequiredService<MessageRegistry>(), provider.GetRequiredService<NextBatch>(), provider.GetRequiredService<InHand>(),
            provider.GetRequiredService<Views>(), provider.GetRequiredService<ViewRebuild>()));
        services.TryAddSingleton(Random.Shared);
        foreach (var message in kernel.Messages) services.TryAddTransient(message.HandlerType);
        services.AddHostedService(provider => provider.GetRequiredService<WakeUp>()); // A node without workers wakes those of others.
        services.AddHostedService<Gauges>(); // Asked of the eldest node that works.
        if (!options.Daemons) return;

        // Stopped in reverse: the workers drain while this node still counts as alive and can wake the others.
        services.AddHostedService(provider => provider.GetRequiredService<Nodes>());
        services.AddHostedService(provider => provider.GetRequiredService<LeaseKeeper>());
        services.AddHostedService(provider => provider.GetRequiredService<DeadNodes>());
        services.AddHostedService(provider => provider.GetRequiredService<MessageWorkers>());
    }
}
