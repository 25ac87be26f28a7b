using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Profiles.SignIn;

namespace MassMessaging.Operations;

/// <param name="Waiting">Scheduled for later, or backing off.</param>
/// <param name="Due">Could be handled now, and are not yet.</param>
/// <param name="Leased">In the hands of a worker.</param>
/// <param name="OldestDueSeconds">How long the oldest due message has waited; null: none is due.</param>
/// <param name="BlockedKeys">Orders of messages whose head is dead, backing off or held, while others wait behind it.</param>
public sealed record QueueAnswer(string Name, long Waiting, long Due, long Leased, long Dead, double? OldestDueSeconds, long BlockedKeys);

/// <summary><c>GET /api/operations/queues</c> and <c>/nodes</c>: the system's, so for operators.</summary>
public static class SystemRoutes
{
    public static void Map(IEndpointRouteBuilder operations)
    {
        operations.MapGet("/queues", Queues)
            .Documented("listQueues", "What waits, what is due and what is dead in every queue.", Operators.Code).Produces<QueueAnswer[]>();
        operations.MapGet("/nodes", Nodes)
            .Documented("listNodes", "The processes that share the database.", Operators.Code).Produces<NodeStatus[]>();
    }

    private static async Task<IResult> Queues(Caller caller, Operators operators, Queues queues, CancellationToken ct)
    {
        await operators.Require(caller, ct);
        return TypedResults.Ok((await queues.Status(ct)).Select(queue => new QueueAnswer(
            queue.Queue, queue.Waiting, queue.Due, queue.Leased, queue.Dead, queue.OldestDue?.TotalSeconds, queue.BlockedKeys)).ToArray());
    }

    private static async Task<IResult> Nodes(Caller caller, Operators operators, Nodes nodes, CancellationToken ct)
    {
        await operators.Require(caller, ct);
        return TypedResults.Ok((await nodes.Status(ct)).ToArray());
    }
}
