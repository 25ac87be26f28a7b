using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp.Cloud;
using MassMessaging.WhatsApp.Evolution;

namespace MassMessaging.WhatsApp;

/// <summary>
/// <c>POST /api/whatsapp/connect</c>: creates the instance if need be, has its webhooks come here, and links the number. Ask again until
/// the state is open. At Meta there is nothing to scan: the token and the number are checked, and the webhooks sent here.
/// </summary>
internal static class ConnectInstance
{
    public static void Map(IEndpointRouteBuilder whatsApp) => whatsApp.MapPost("/connect", Post)
        .Documented("connectWhatsApp", "Links the advisor's number: answers the QR code to scan.", "gateway-unavailable", "gateway-refused", "phone-number-taken")
        .NotIdempotent().Produces<Connecting>();

    private static async Task<IResult> Post(
        Caller caller, IStore store, EvolutionInstances gateway, CloudConnection cloud, WebhookSecrets secrets, PublicUrl publicUrl,
        CancellationToken ct)
    {
        var config = await WhatsAppConfig.FindOrCreate(store, caller, ct);
        if (config.Gateway == Gateway.Cloud) return TypedResults.Ok(await cloud.Connect(config, caller, ct));

        var secret = await secrets.FindOrCreate(caller.ProfileId, config.Secret, caller.Origin, ct);
        secrets.Forget(config.Instance);
        await gateway.Register(config.Instance, WebhookOf(publicUrl.Value, config.Instance), secret, ct);
        var connecting = await gateway.Connect(config.Instance, ct);

        await using var session = store.Open(caller.Origin);
        await WhatsAppConfig.Record(session, new(config.Instance, connecting.State, null, null, session.Now), ct);
        await session.Commit(ct);
        return TypedResults.Ok(connecting);
    }

    private static Uri WebhookOf(Uri publicUrl, string instance) =>
        new($"{publicUrl.AbsoluteUri.TrimEnd('/')}/api/webhooks/evolution/{instance}");
}
