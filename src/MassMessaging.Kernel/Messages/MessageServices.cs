using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

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
        foreach (var message in kernel.Messages) services.TryAddTransient(message.HandlerType);
        if (options.Daemons) services.AddHostedService(provider => provider.GetRequiredService<WakeUp>());
    }
}
