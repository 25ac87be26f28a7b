using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp.Cloud;

namespace MassMessaging.WhatsApp;

public enum Gateway
{
    Evolution,
    Cloud,
}

/// <summary>Of Evolution the instance, of Meta's Cloud API the number and its business account; secrets are never shown.</summary>
public sealed record ConfigRow(Gateway Gateway, string? Instance, string? PhoneNumberId = null, string? WabaId = null);

/// <summary>What <c>PUT /api/whatsapp/config</c> takes.</summary>
public sealed record ConfigChange(
    Gateway? Gateway, string? Instance, string? PhoneNumberId, string? WabaId, string? AccessToken, string? AppSecret, string? VerifyToken);

/// <summary>
/// Whoever sends through a profile's gateway learns in the session of the change that it is another one, or another number.
/// </summary>
public interface IGatewaySubscriber
{
    Task Changed(Guid profile, ISession session, CancellationToken ct);
}

/// <summary><c>GET|PUT /api/whatsapp/config</c>.</summary>
internal static class ChangeConfig
{
    public static void Map(IEndpointRouteBuilder whatsApp)
    {
        whatsApp.MapGet("/config", Get).Documented("readWhatsAppConfig", "The gateway, and the instance or the number.").Produces<ConfigRow>();
        whatsApp.MapPut("/config", Put)
            .Documented(
                "changeWhatsAppConfig", "Chooses the gateway, and the instance or the number.", "validation-failed", "instance-taken",
                "phone-number-taken")
            .Takes<ConfigChange>().Produces<ConfigRow>();
    }

    private static async Task<IResult> Get(Caller caller, IStore store, CloudConfig cloud, CancellationToken ct) =>
        TypedResults.Ok(await Show(await WhatsAppConfig.Find(store, caller.ProfileId, ct), caller.ProfileId, cloud, ct));

    private static async Task<IResult> Put(
        Caller caller, Fields body, IStore store, CloudConfig cloud, IEnumerable<IGatewaySubscriber> subscribers, CancellationToken ct)
    {
        var current = await WhatsAppConfig.Find(store, caller.ProfileId, ct);
        var gateway = body.OneOf<Gateway>("gateway") ?? current?.Gateway ?? Gateway.Evolution;
        using var all = gateway == Gateway.Cloud ? RowScope.OfService() : null; // a number may be taken from who only typed it
        await using var session = store.Open(caller.Origin);
        var problem = gateway == Gateway.Cloud
            ? await cloud.Choose(body, current, caller.ProfileId, session, ct)
            : await ChooseInstance(body, current, caller.ProfileId, session, ct);
        if (problem is not null) return problem;

        var chosen = await WhatsAppConfig.Find(session, caller.ProfileId, ct);
        if (current is not null && (gateway == Gateway.Cloud || current.Gateway == Gateway.Cloud) && chosen!.Instance != current.Instance)
            foreach (var subscriber in subscribers) await subscriber.Changed(caller.ProfileId, session, ct);
        await session.Commit(ct);
        if (gateway == Gateway.Cloud) cloud.Forget(chosen!.Instance);
        return TypedResults.Ok(await Show(chosen, caller.ProfileId, cloud, ct));
    }

    private static async Task<IResult?> ChooseInstance(
        Fields body, WhatsAppConfig? current, Guid profile, ISession session, CancellationToken ct)
    {
        var instance = body.Text("instance", 64);
        if (instance is not null && !InstanceName.IsValid(instance)) body.Wrong("instance", InstanceName.Rule);
        if (body.AreWrong) return body.Problem();

        var before = current is { Gateway: Gateway.Evolution } ? current.Instance : await WhatsAppConfig.LastInstance(session, profile, ct);
        return await WhatsAppConfig.Choose(session, profile, instance ?? before ?? InstanceName.DefaultOf(profile), ct)
            ? null
            : Problems.Conflict("instance-taken", "This instance belongs to another profile.");
    }

    private static async Task<ConfigRow> Show(WhatsAppConfig? config, Guid profile, CloudConfig cloud, CancellationToken ct) => config switch
    {
        { Gateway: Gateway.Cloud } => await cloud.Show(config.Instance, ct),
        _ => new(Gateway.Evolution, config?.Instance ?? InstanceName.DefaultOf(profile)),
    };
}
