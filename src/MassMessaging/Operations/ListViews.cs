using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Profiles.SignIn;

namespace MassMessaging.Operations;

/// <summary><c>GET /api/operations/views</c>.</summary>
public static class ListViews
{
    public static void Map(IEndpointRouteBuilder operations) => operations.MapGet("/views", Get)
        .Documented("listViews", "Every view: how far it is, what stopped it, and how its last rebuild goes.")
        .Produces<ViewAnswer[]>();

    private static async Task<IResult> Get(Caller caller, Operators operators, Views views, ViewRebuild rebuild, CancellationToken ct)
    {
        var isOperator = await operators.Include(caller, ct);
        var rebuilds = await rebuild.All(ct);
        var skipped = isOperator ? await views.Skipped(ct) : [];
        return TypedResults.Ok((await views.Status(ct)).Select(view => new ViewAnswer(
            view.Name, view.Table, view.Kind, view.Position, view.Lag, view.State,
            RebuildAnswer.Of(rebuilds.FirstOrDefault(one => one.View == view.Name && (isOperator || one.ProfileId == caller.ProfileId))),
            Failure(view.Failure, isOperator ? null : caller),
            [.. skipped.Where(one => one.View == view.Name).Select(one => new SkippedAnswer(one.Seq, one.Note, one.Actor, one.At))])).ToArray());
    }

    private static ViewFailureAnswer? Failure(StoppingEvent? stop, Caller? only) =>
        stop is null || (only is not null && stop.TenantId != only.ProfileId.ToString("D"))
            ? null
            : new(stop.Seq, stop.Type, stop.TenantId, stop.StreamId, stop.Error, stop.At);
}
