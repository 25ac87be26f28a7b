using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp.Cloud;
using MassMessaging.WhatsApp.Evolution;

namespace MassMessaging.WhatsApp;

public static class WhatsAppFeature
{
    private const string Receipts = "receipts";

    public static Feature Feature { get; } = new("WhatsApp", Services, Kernel, Map);

    private static void Services(IHostApplicationBuilder builder)
    {
        builder.Services.AddDataProtection();

        // Read when first needed: the simulator that stands in for a gateway tells its address while the host starts.
        builder.Services.AddSingleton(services =>
            new EvolutionClient(EvolutionOptions.From(services.GetRequiredService<IConfiguration>()), TimeProvider.System));
        builder.Services.AddSingleton(services =>
            new CloudClient(CloudOptions.From(services.GetRequiredService<IConfiguration>()), TimeProvider.System));
        builder.Services.AddSingleton<EvolutionWhatsApp>();
        builder.Services.AddSingleton<CloudWhatsApp>();
        builder.Services.AddSingleton<IWhatsApp, GatewayRouter>();
        builder.Services.AddSingleton<CloudAccounts>();
        builder.Services.AddSingleton<CloudNumbers>();
        builder.Services.AddSingleton<CloudConnection>();
        builder.Services.AddSingleton<CloudConfig>();
        builder.Services.AddSingleton<TellAccountNews>();
        builder.Services.AddSingleton<ISentMessages, EvolutionSentMessages>();
        builder.Services.AddSingleton<EvolutionInstances>();
        builder.Services.AddSingleton<WebhookSecrets>();
        builder.Services.AddSingleton<WebhookStore>();
        builder.Services.AddScoped<ReadWebhooks>();
    }

    private static void Kernel(KernelBuilder kernel) => kernel
        .Queue(new QueueOptions(Receipts, Workers: 2, BatchSize: 500)
        {
            InOneCommit = true, Gather = TimeSpan.FromMilliseconds(40), KeepDead = TimeSpan.FromDays(7), // phones and texts
        })
        .Message<WebhookReceived, ReadWebhooks>("webhook_received", Receipts);

    private static void Map(IEndpointRouteBuilder api)
    {
        var whatsApp = api.MapGroup("/whatsapp").WithTags("WhatsApp").ScopedByMethod();
        ChangeConfig.Map(whatsApp);
        ConnectInstance.Map(whatsApp);
        ReadStatus.Map(whatsApp);
        ChangePacing.Map(whatsApp);
        ListTemplates.Map(whatsApp);
        ReceiveWebhook.Map(api);
        ReceiveCloudWebhook.Map(api);
    }
}
