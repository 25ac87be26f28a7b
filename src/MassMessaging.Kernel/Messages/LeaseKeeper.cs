using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MassMessaging.Kernel.Messages;

/// <summary>
/// The heartbeat of everything in hand: one statement per node, however many messages it holds. Once an hour it also drops the dead
/// letters that their queue keeps no longer.
/// </summary>
internal sealed class LeaseKeeper(
    NpgsqlDataSource dataSource, MessageRegistry registry, InHand inHand, DeadLetters deadLetters, TimeProvider clock,
    ILogger<LeaseKeeper> log) : BackgroundService
{
    // A row that is locked is being completed or sent again: waiting for it could deadlock with a batch, and the next beat renews it.
    private const string Renew = """
        with mine as materialized (
            select held.id, input.lease
            from message held
            join unnest(@ids, @attempts, @leases) as input (id, attempt, lease) on held.id = input.id and held.attempt = input.attempt
            where held.is_leased
            for update of held skip locked
        )
        update message held set due_at = @now + mine.lease from mine where held.id = mine.id
        """;

    private static readonly TimeSpan SweepEvery = TimeSpan.FromHours(1);

    private DateTimeOffset nextSweep;

    public async Task Sweep(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (now < nextSweep) return;

        foreach (var queue in registry.Queues)
        {
            if (queue.KeepDead is not { } keep || await deadLetters.Drop(queue.Name, now - keep, ct) is not (> 0 and var dropped)) continue;
            log.LogWarning("{Count} dead letters of {Queue} were deleted after {Days} days", dropped, queue.Name, keep.TotalDays);
        }

        nextSweep = now + SweepEvery;
    }

    public async Task Beat(CancellationToken ct)
    {
        var all = inHand.All;
        if (all.Count == 0) return;

        await using var command = dataSource.CreateCommand(Renew);
        command.Parameters.AddWithValue("ids", all.Select(held => held.Id).ToArray());
        command.Parameters.AddWithValue("attempts", all.Select(held => held.Attempt).ToArray());
        command.Parameters.AddWithValue("leases", all.Select(held => held.Queue.Lease).ToArray());
        command.Parameters.AddWithValue("now", clock.GetUtcNow());
        await command.ExecuteNonQueryAsync(ct);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (registry.Queues.Count == 0) return;

        using var timer = new PeriodicTimer(registry.Queues.Min(queue => queue.Lease) / 3, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Beat(stoppingToken);
                await Sweep(stoppingToken);
            }
            catch (Exception e) when (!e.IsStop(stoppingToken)) // The next beat tries again; a lost lease is fenced.
            {
                log.LogWarning("Leases could not be renewed, or dead letters not be dropped ({Reason})", Settlement.Reason(e));
            }
        }
    }
}
