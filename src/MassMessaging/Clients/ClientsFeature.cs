using MassMessaging.Clients.Consent;
using MassMessaging.Clients.Import;
using MassMessaging.Clients.Timeline;
using MassMessaging.Http;

namespace MassMessaging.Clients;

public static class ClientsFeature
{
    public static Feature Feature { get; } = new("clients", Services, Routes: Routes);

    private static void Services(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SuppressedNumbers>();
        builder.Services.AddSingleton<ClientConsent>();
        builder.Services.AddSingleton<NewClients>();
        builder.Services.AddSingleton<ClientImport>();
        builder.Services.AddSingleton<ITimelineSource, OwnTimeline>();
    }

    private static void Routes(IEndpointRouteBuilder routes)
    {
        var clients = routes.MapGroup("/clients").WithTags("clients").ScopedByMethod();
        ListClientsEndpoint.Map(clients);
        ReadClientEndpoint.Map(clients);
        CreateClientEndpoint.Map(clients);
        ChangeClientEndpoint.Map(clients);
        DeleteClientEndpoint.Map(clients);
        ClientNotesEndpoint.Map(clients);
        ImportClientsEndpoint.Map(clients);
        ExportClientsEndpoint.Map(clients);
        ConsentRoutes.Map(clients);
        ReadTimeline.Map(clients);
    }
}
