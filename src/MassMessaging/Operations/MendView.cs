using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Profiles.SignIn;

namespace MassMessaging.Operations;

/// <param name="Seq">The event's place in the log.</param>
/// <param name="Note">Why, for those who come later; 1 to 500 characters, never personal data.</param>
public sealed record SkipBody(long Seq, string Note);

/// <summary>
/// <c>POST /api/operations/views/{name}/retry</c> and <c>/skip</c>: a view that an event stopped, live or in a rebuild, tries again, or passes
/// over that event for good. Who let it, when and why stays with the view.
/// </summary>
public static class MendView
{
    private const int LongestNote = 500;

    public static void Map(IEndpointRouteBuilder operations)
    {
        operations.MapPost("/views/{name}/retry", Retry)
            .Documented("retryView", "Lets a view that an event stopped try again, and has its failed rebuilds done anew.", Operators.Code, "not-found", "view-not-stopped")
            .Produces(StatusCodes.Status204NoContent);
        operations.MapPost("/views/{name}/skip", Skip)
            .Documented(
                "skipEvent", "Lets a view pass over the event that it cannot take, for good.",
                Operators.Code, "not-found", "view-not-stopped", "event-not-stopping")
            .Takes<SkipBody>().Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> Retry(
        string name, Caller caller, Operators operators, Views views, ViewRebuild rebuild, CancellationToken ct)
    {
        await operators.Require(caller, ct);
        if (await Find(views, name, ct) is not { } view) return Problems.NotFound();
        var failed = (await rebuild.All(ct)).Where(one => one.View == name && one.State == "failed").ToList();
        if (view.Failure is null && failed.Count == 0) return NotStopped();

        await views.Retry(name, ct);
        foreach (var one in failed) await rebuild.Request([name], one.ProfileId, caller.Origin.Actor, ct);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Skip(
        string name, Caller caller, Fields body, Operators operators, Views views, ViewRebuild rebuild, CancellationToken ct)
    {
        var (seq, note) = (Seq(body), body.Text("note", LongestNote, required: true));
        if (body.AreWrong) return body.Problem();
        await operators.Require(caller, ct);
        if (await Find(views, name, ct) is not { } view) return Problems.NotFound();

        // An inline view is never stopped, but its rebuild may be.
        long?[] stopping = [view.StoppedAt, .. (await rebuild.All(ct)).Where(one => one.View == name && one.State == "failed").Select(one => one.FailedSeq)];
        if (stopping.All(one => one is null)) return NotStopped();
        if (!stopping.Contains(seq)) return Problems.Conflict("event-not-stopping", $"Another event stands in its way: {stopping.First(one => one is not null)}.");

        await views.Skip(name, seq!.Value, note!, caller.Origin.Actor, ct);
        return TypedResults.NoContent();
    }

    private static long? Seq(Fields body)
    {
        if (body.Json("seq") is { ValueKind: System.Text.Json.JsonValueKind.Number } number && number.TryGetInt64(out var seq) && seq > 0) return seq;

        body.Wrong("seq", "must be an event's place in the log");
        return null;
    }

    private static IResult NotStopped() => Problems.Conflict("view-not-stopped", "No event stands in its way.", "running");

    private static async Task<ViewStatus?> Find(Views views, string name, CancellationToken ct) =>
        (await views.Status(ct)).FirstOrDefault(view => view.Name == name);
}
