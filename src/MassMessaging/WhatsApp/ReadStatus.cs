using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp.Cloud;
using MassMessaging.WhatsApp.Evolution;

namespace MassMessaging.WhatsApp;

/// <param name="Since">When the state was first seen; null when nothing was ever connected.</param>
/// <param name="Phone">E.164, of the linked number, once the gateway has told it.</param>
/// <param name="Reason">Why it is closed, if known: <c>logged-out</c>, <c>forbidden</c>, <c>instance-missing</c> …</param>
public sealed record StatusRow(InstanceState State, DateTimeOffset? Since, string? Phone, string? Reason);

/// <summary><c>GET /api/whatsapp/status</c>, as the gateway says now; and <c>POST …/disconnect</c>.</summary>
internal static class ReadStatus
{
    public static void Map(IEndpointRouteBuilder whatsApp)
    {
        whatsApp.MapGet("/status", Get)
            .Documented("readWhatsAppStatus", "Whether the number is linked.", "gateway-unavailable", "gateway-refused", "phone-number-taken").Produces<StatusRow>();
        whatsApp.MapPost("/disconnect", Post)
            .Documented("disconnectWhatsApp", "Unlinks the number.", "gateway-unavailable", "gateway-refused", "phone-number-taken").Produces<StatusRow>();
    }

    private static async Task<IResult> Get(
        Caller caller, IStore store, EvolutionInstances gateway, CloudConnection cloud, CancellationToken ct)
    {
        var config = await WhatsAppConfig.Find(store, caller.ProfileId, ct);
        if (config?.Gateway == Gateway.Cloud) return await Recorded(caller, store, await cloud.Seen(config, caller, ct), ct);
        if (config?.Secret is null)
            return TypedResults.Ok(new StatusRow(InstanceState.Close, config?.Since, config?.Phone, "not-connected"));

        var askedAt = store.Clock.GetUtcNow();
        var state = await gateway.State(config.Instance, ct);
        var seen = Now(store, config, state ?? InstanceState.Close, state is null ? "instance-missing" : null);
        return await Recorded(caller, store, seen with { At = askedAt }, ct);
    }

    private static async Task<IResult> Post(
        Caller caller, IStore store, EvolutionInstances gateway, CloudConnection cloud, CancellationToken ct)
    {
        var config = await WhatsAppConfig.FindOrCreate(store, caller, ct);
        if (config.Gateway == Gateway.Cloud)
            return await Recorded(caller, store, await cloud.Disconnect(config, caller, ct), ct);

        await gateway.Logout(config.Instance, ct);
        return await Recorded(caller, store, Now(store, config, InstanceState.Close, "disconnected"), ct);
    }

    private static InstanceStateSeen Now(IStore store, WhatsAppConfig config, InstanceState state, string? reason) =>
        new(config.Instance, state, reason, null, store.Clock.GetUtcNow());

    private static async Task<IResult> Recorded(Caller caller, IStore store, InstanceStateSeen seen, CancellationToken ct)
    {
        await using var session = store.Open(caller.Origin);
        await WhatsAppConfig.Record(session, seen, ct);
        await session.Commit(ct);
        var config = await WhatsAppConfig.Find(store, caller.ProfileId, ct);
        return TypedResults.Ok(new StatusRow(config!.State, config.Since, config.Phone, config.Reason));
    }
}
