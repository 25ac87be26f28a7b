using Microsoft.Extensions.Logging;
using Npgsql;

namespace MassMessaging.Kernel.Messages;

/// <summary>What becomes of a message that was not completed: back-off, dead letter, or given back as if never claimed.</summary>
internal sealed class Settlement(NpgsqlDataSource dataSource, TimeProvider clock, Random random, ILogger<Settlement> log)
{
    // A message that was sent again meanwhile is a new one: it starts over instead of dying with the old.
    private const string Fail = """
        update message failed set
            is_leased = false, error = @error, rearm_for = null,
            dead_at = case when @last and failed.rearm_for is null then @now end,
            due_at = case when @last then coalesce(failed.rearm_for, @now) else least(failed.rearm_for, @retry) end,
            scheduled_for = case when @last and failed.rearm_for is not null then failed.rearm_for
                else least(failed.scheduled_for, failed.rearm_for) end,
            given_back = case when @last and failed.rearm_for is not null then failed.attempt else failed.given_back end
        where failed.id = @id and failed.attempt = @attempt and failed.is_leased
        """;

    // The attempt is raised, not lowered: a handler that still runs has lost its message. Two claims are marked as not counting instead.
    private const string Return = """
        update message back set
            is_leased = false, due_at = @due, scheduled_for = least(back.scheduled_for, back.rearm_for), rearm_for = null,
            attempt = back.attempt + 1, given_back = back.given_back + 2
        from unnest(@ids, @attempts) as mine (id, attempt)
        where back.id = mine.id and back.attempt = mine.attempt and back.is_leased
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public async Task Failed(Held held, Exception error, CancellationToken ct)
    {
        var isLast = held.Counted >= held.Queue.MaxAttempts;
        var reason = Reason(error);
        var level = isLast ? LogLevel.Error : LogLevel.Warning;
        log.Log(level, "Message {Id} ({Type}) failed at attempt {Attempt} of {Most}: {Reason}\n{Trace}",
            held.Id, held.Type.WireName, held.Counted, held.Queue.MaxAttempts, reason, error.StackTrace);
        await Write(held.Queue.Lease, Fail, args =>
        {
            var now = clock.GetUtcNow();
            args.AddWithValue("id", held.Id);
            args.AddWithValue("attempt", held.Attempt);
            args.AddWithValue("error", reason);
            args.AddWithValue("last", isLast);
            args.AddWithValue("now", now);
            args.AddWithValue("retry", now + BackOff.After(held.Queue, held.Counted, random.NextDouble()));
        }, ct);
    }

    /// <summary>Due again after <paramref name="rest"/>; the attempt does not count.</summary>
    public async Task GiveBack(IReadOnlyCollection<Held> batch, TimeSpan rest, CancellationToken ct)
    {
        if (batch.Count == 0) return;

        await Write(batch.Max(held => held.Queue.Lease), Return, args =>
        {
            args.AddWithValue("ids", batch.Select(held => held.Id).ToArray());
            args.AddWithValue("attempts", batch.Select(held => held.Attempt).ToArray());
            args.AddWithValue("due", clock.GetUtcNow() + rest);
        }, ct);
    }

    /// <summary>The exception's type and codes only: its message may quote people's data.</summary>
    public static string Reason(Exception error) => error switch
    {
        PostgresException refused => $"{nameof(PostgresException)} {refused.SqlState}",
        HttpRequestException { StatusCode: { } status } => $"{nameof(HttpRequestException)} {(int)status}",
        AggregateException { InnerException: { } inner } => Reason(inner),
        _ => error.GetType().Name,
    };

    // While the database is away the message stays in hand; after its lease it falls due by itself.
    private async Task Write(TimeSpan atMost, string text, Action<NpgsqlParameterCollection> arguments, CancellationToken ct)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await using var command = dataSource.CreateCommand(text);
                arguments(command.Parameters);
                await command.ExecuteNonQueryAsync(ct);
                return;
            }
            catch (NpgsqlException e) when (e.IsTransient && TimeProvider.System.GetElapsedTime(started) < atMost)
            {
                await Task.Delay(Pause, ct);
            }
            catch (Exception e) when (!e.IsStop(ct)) // Its lease ends by itself.
            {
                log.LogError("A message could not be settled ({Reason}); it falls due again when its lease ends", Reason(e));
                return;
            }
        }
    }
}
