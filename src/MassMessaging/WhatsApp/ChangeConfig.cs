using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.WhatsApp;

public enum Gateway
{
    Evolution,
    Cloud,
}

public sealed record ConfigRow(Gateway Gateway, string Instance);

/// <summary><c>GET|PUT /api/whatsapp/config</c>.</summary>
public static class ChangeConfig
{
    public static void Map(IEndpointRouteBuilder whatsApp)
    {
        whatsApp.MapGet("/config", Get).Documented("readWhatsAppConfig", "The gateway and the instance.").Produces<ConfigRow>();
        whatsApp.MapPut("/config", Put)
            .Documented("changeWhatsAppConfig", "Chooses the instance.", "validation-failed", "gateway-not-available", "instance-taken")
            .Takes<ConfigRow>().Produces<ConfigRow>();
    }

    private static async Task<IResult> Get(Caller caller, IStore store, CancellationToken ct)
    {
        var config = await WhatsAppConfig.Find(store, caller.ProfileId, ct);
        return TypedResults.Ok(new ConfigRow(Gateway.Evolution, config?.Instance ?? InstanceName.DefaultOf(caller.ProfileId)));
    }

    private static async Task<IResult> Put(Caller caller, Fields body, IStore store, CancellationToken ct)
    {
        var gateway = body.OneOf<Gateway>("gateway");
        var instance = body.Text("instance", 64);
        if (gateway == Gateway.Cloud)
            body.Wrong("gateway", "must be evolution: Meta's Cloud API is not available yet", "gateway-not-available");
        if (instance is not null && !InstanceName.IsValid(instance)) body.Wrong("instance", InstanceName.Rule);
        if (body.AreWrong) return body.Problem();

        var current = await WhatsAppConfig.Find(store, caller.ProfileId, ct);
        var chosen = instance ?? current?.Instance ?? InstanceName.DefaultOf(caller.ProfileId);
        await using var session = store.Open(caller.Origin);
        if (!await WhatsAppConfig.Choose(session, caller.ProfileId, chosen, ct))
            return Problems.Conflict("instance-taken", "This instance belongs to another profile.");

        await session.Commit(ct);
        return TypedResults.Ok(new ConfigRow(Gateway.Evolution, chosen));
    }
}
