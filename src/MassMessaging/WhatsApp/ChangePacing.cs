using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.WhatsApp;

/// <summary>Whoever paces by the settings learns of a change in the session that makes it.</summary>
public interface IPacingSubscriber
{
    Task Changed(Guid profile, Pacing was, Pacing pacing, ISession session, CancellationToken ct);
}

/// <summary><c>GET|PUT /api/whatsapp/pacing</c>.</summary>
public static class ChangePacing
{
    public static void Map(IEndpointRouteBuilder whatsApp)
    {
        whatsApp.MapGet("/pacing", Get).Documented("readPacing", "How fast this profile's number sends.").Produces<Pacing>();
        whatsApp.MapPut("/pacing", Put)
            .Documented("changePacing", "Changes the fields given; null switches a policy off.", "validation-failed")
            .Takes<Pacing>().Produces<Pacing>();
    }

    private static async Task<IResult> Get(Caller caller, IStore store, IConfiguration configuration, CancellationToken ct)
    {
        await using var session = store.Open(caller.Origin);
        return TypedResults.Ok(await Pacing.Find(session, caller.ProfileId, ct) ?? Pacing.Default(configuration));
    }

    private static async Task<IResult> Put(
        Caller caller, Fields body, IStore store, IConfiguration configuration, IEnumerable<IPacingSubscriber> subscribers, CancellationToken ct)
    {
        await using var session = store.Open(caller.Origin);
        var current = await Pacing.Find(session, caller.ProfileId, ct) ?? Pacing.Default(configuration);
        var pacing = PacingBody.Read(body, current);
        if (body.AreWrong) return body.Problem();

        await Pacing.Keep(session, caller.ProfileId, pacing, ct);
        foreach (var subscriber in subscribers) await subscriber.Changed(caller.ProfileId, current, pacing, session, ct);
        await session.Commit(ct);
        return TypedResults.Ok(pacing);
    }
}
