using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MassMessaging.Kernel.Messages;

/// <summary>Runs claimed messages: together in one session, or one by one when together they failed.</summary>
internal sealed class Handling(Store store, IServiceScopeFactory scopes, InHand inHand, Settlement settlement)
{
    private const int Tries = 5;

    /// <summary>From then on it may be the message that breaks connections.</summary>
    private const int MostUncounted = 100;

    private static readonly TimeSpan OutageRest = TimeSpan.FromMilliseconds(200);

    /// <summary>Settles every message of the batch, unless <paramref name="ct"/> ends it: what is left is still in hand then.</summary>
    public async Task Handle(IReadOnlyList<Held> batch, CancellationToken ct)
    {
        foreach (var same in batch.GroupBy(held => held.Type))
            await HandleAll([.. same], ct);
    }

    private async Task HandleAll(IReadOnlyList<Held> batch, CancellationToken ct)
    {
        var error = await Measured(batch, ct);
        if (error is null || (error is LeaseLostException && batch.Count == 1))
        {
            inHand.Remove(batch);
        }
        else if (IsOutage(error) && batch.All(held => held.Attempt - held.Counted < MostUncounted))
        {
            await settlement.GiveBack(batch, OutageRest, ct);
            inHand.Remove(batch);
        }
        else if (batch.Count == 1)
        {
            await settlement.Failed(batch[0], error, ct);
            inHand.Remove(batch);
        }
        else
        {
            foreach (var held in batch) await HandleAll([held], ct);
        }
    }

    private async Task<Exception?> Measured(IReadOnlyList<Held> batch, CancellationToken ct)
    {
        var from = Stopwatch.GetTimestamp();
        using var activity = KernelMeter.Process(batch);
        var error = await Try(batch, ct);
        KernelMeter.Processed(activity, batch, from, error);
        return error;
    }

    /// <summary>Null when the batch has committed.</summary>
    private async Task<Exception?> Try(IReadOnlyList<Held> batch, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await HandleOnce(batch, ct);
                return null;
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception e) when (IsConflict(e) && attempt < Tries)
            {
                // Somebody else was first: decide again on what stands now.
            }
            catch (Exception e) // Whatever a handler throws is its messages' failure, not the worker's.
            {
                return e;
            }
        }
    }

    private async Task HandleOnce(IReadOnlyList<Held> batch, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var session = store.OpenFor(OriginOf(batch), (last, ct) => Completion.Complete(last, batch, ct));
        await Invoke(scope.ServiceProvider, batch[0].Type, batch, session, ct);
        await session.Commit(ct);
    }

    public static Task Invoke(IServiceProvider services, MessageType type, IReadOnlyList<Held> batch, ISession session, CancellationToken ct) =>
        type.Invoke(services.GetRequiredService(type.HandlerType), [.. batch.Select(held => MessageRegistry.Read(type, held.Body))], session, ct);

    // What a batch of several chains writes belongs to no single one of them.
    public static Origin OriginOf(IReadOnlyList<Held> batch)
    {
        var first = batch[0];
        var actor = batch.All(held => held.Actor == first.Actor) ? first.Actor : Origin.System.Actor;
        var correlation = batch.All(held => held.CorrelationId == first.CorrelationId) ? first.CorrelationId : null;
        return new Origin(actor, correlation, batch.Count == 1 ? $"message:{first.Id}" : null);
    }

    private static bool IsConflict(Exception error) => error is ConcurrencyException
        or PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    // The database went away: nobody's failure. A statement that only timed out may be the message's own fault, and counts.
    private static bool IsOutage(Exception error) => error switch
    {
        PostgresException refused => refused.SqlState.StartsWith("57P", StringComparison.Ordinal)
            || refused.SqlState == PostgresErrorCodes.TooManyConnections,
        NpgsqlException { InnerException: IOException or SocketException } => true,
        _ => false,
    };
}
