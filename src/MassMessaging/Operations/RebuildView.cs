using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Profiles.SignIn;

namespace MassMessaging.Operations;

/// <param name="ProfileId">Whose part; left out: the whole view, for operators.</param>
public sealed record RebuildBody(Guid? ProfileId);

/// <summary>
/// <c>POST|GET|DELETE /api/operations/views/{name}/rebuild</c>. Advisors have their own part built anew, operators anybody's, and whole views.
/// It sends and tells nothing; what it reads is served from the old rows until the new ones take their place.
/// </summary>
public static class RebuildView
{
    private const string ProfileExists = "select exists (select from profile where id = @id)";

    public static void Map(IEndpointRouteBuilder operations)
    {
        operations.MapPost("/views/{name}/rebuild", Post)
            .Documented("rebuildView", "Builds a view's rows anew from the log, while everything goes on.", Operators.Code, "not-found", "rebuild-running")
            .Takes<RebuildBody>().Produces<RebuildAnswer>(StatusCodes.Status202Accepted);
        operations.MapGet("/views/{name}/rebuild", Get)
            .Documented("readRebuild", "How the last rebuild goes.", Operators.Code, "not-found")
            .Asks("profileId", "Whose part; left out: the last one that the caller may see.").Produces<RebuildAnswer>();
        operations.MapDelete("/views/{name}/rebuild", Delete)
            .Documented("cancelRebuild", "Cancels it: the old rows stay.", Operators.Code, "not-found", "rebuild-not-running")
            .Asks("profileId", "Whose part; left out: the one that runs, of those that the caller may cancel.").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> Post(
        string name, Caller caller, Fields body, Operators operators, IStore store, Views views, ViewRebuild rebuild, CancellationToken ct)
    {
        var profile = body.Id("profileId");
        if (body.AreWrong) return body.Problem();
        if (profile != caller.ProfileId) await operators.Require(caller, ct);
        if (!await Exists(views, name, ct)) return Problems.NotFound();
        if (profile is not null && !(await store.Query(ProfileExists, row => row.GetBoolean(0), ct, ("id", profile)))[0]) return Problems.NotFound();

        // The whole has every part in it.
        var running = (await rebuild.All(ct)).Where(one => one.View == name && one.State == "running");
        if (running.Any(one => one.ProfileId is null || one.ProfileId == profile))
            return Problems.Conflict("rebuild-running", "It is being rebuilt already.", "running");

        await rebuild.Request([name], profile, caller.Origin.Actor, ct);
        return TypedResults.Accepted((string?)null, RebuildAnswer.Of(await rebuild.Progress(name, profile, ct)));
    }

    private static async Task<IResult> Get(
        string name, Caller caller, Query query, Operators operators, Views views, ViewRebuild rebuild, CancellationToken ct)
    {
        var seen = await Seen(query, caller, operators, ct);
        if (!await Exists(views, name, ct)) return Problems.NotFound();

        return TypedResults.Ok(RebuildAnswer.Of((await rebuild.All(ct)).FirstOrDefault(one => one.View == name && seen(one.ProfileId))));
    }

    private static async Task<IResult> Delete(
        string name, Caller caller, Query query, Operators operators, Views views, ViewRebuild rebuild, CancellationToken ct)
    {
        var seen = await Seen(query, caller, operators, ct);
        if (!await Exists(views, name, ct)) return Problems.NotFound();

        var running = (await rebuild.All(ct)).FirstOrDefault(one => one.View == name && one.State == "running" && seen(one.ProfileId));
        return running is not null && await rebuild.Cancel(name, running.ProfileId, ct)
            ? TypedResults.NoContent()
            : Problems.Conflict("rebuild-not-running", "It is not being rebuilt.");
    }

    /// <summary>Which rebuilds the request is about, of those that the caller may see.</summary>
    private static async Task<Func<Guid?, bool>> Seen(Query query, Caller caller, Operators operators, CancellationToken ct)
    {
        var asked = query.Id("profileId");
        query.ThrowIfWrong();
        if (asked is not null && asked != caller.ProfileId) await operators.Require(caller, ct);

        var isOperator = await operators.Include(caller, ct);
        return profile => asked is null ? isOperator || profile == caller.ProfileId : profile == asked;
    }

    private static async Task<bool> Exists(Views views, string name, CancellationToken ct) =>
        (await views.Status(ct)).Any(view => view.Name == name);
}
