using MassMessaging.Profiles.SignIn;

namespace MassMessaging.Operations;

/// <summary>What keeps the service going is seen and acted upon here: queues, dead letters, views, nodes.</summary>
public static class OperationsFeature
{
    public static Feature Feature { get; } = new("operations", Services);

    private static void Services(IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(OperatorEmails.From(builder.Configuration));
        builder.Services.AddSingleton<Operators>();
    }
}
