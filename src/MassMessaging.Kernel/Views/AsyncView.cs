using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>What one step of a view came to.</summary>
internal enum ViewStep
{
    /// <summary>It stands at the safe position.</summary>
    Idle,

    Moved,

    /// <summary>Another node is at work on it.</summary>
    Elsewhere,

    /// <summary>An event has stopped it.</summary>
    Stopped,
}

/// <summary>
/// One async view on one node. A step takes one page: rows and position commit together under a lock on the progression row, which is held
/// for the page only, so that whichever node comes first goes on.
/// </summary>
internal sealed class AsyncView(ViewType view, NpgsqlDataSource database, EventPages pages, TimeProvider clock) : IDisposable
{
    private const int PageSize = 4_000;

    private readonly ViewProgress progress = new(view.Name);
    private readonly SemaphoreSlim one = new(1);
    private long position = -1;
    private int most = PageSize;
    private long taking;

    public ViewType Type => view;

    public void Dispose() => one.Dispose();

    public async Task<ViewStep> Step(long safe, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            return position >= safe ? ViewStep.Idle : await Page(safe, ct);
        }
        catch (PostgresException failure) when (most > 1 && IsAboutData(failure))
        {
            // Some event of the page does not fit the table: go one by one to find it.
            most = 1;
            return ViewStep.Moved;
        }
        catch (PostgresException failure) when (IsAboutData(failure))
        {
            return await Stop(new ViewFailure(taking, $"{view.Name} failed on event {taking}: {failure.MessageText}", failure), ct);
        }
        finally
        {
            one.Release();
        }
    }

    // The page is read before the lock is taken, so that no step needs two connections at once and the lock is short.
    private async Task<ViewStep> Page(long safe, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        if (await progress.Look(connection, ct) is not { } seen) return ViewStep.Elsewhere;

        position = seen.Position;
        if (seen.Stop is not null) return ViewStep.Stopped;
        if (position >= safe) return ViewStep.Idle;

        var page = await pages.Shared(connection, position, safe, most, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await progress.Lock(connection, ct) is not { } standing) return ViewStep.Elsewhere;
        if (standing.Position != position || standing.Stop is not null) return ViewStep.Moved; // Another node was here: look again.

        var (until, failure) = await Take(connection, [.. page.Entries.Where(entry => view.Cares(entry.Type) && !standing.Skipped.Contains(entry.Seq))], page.Until, ct);
        await progress.Move(connection, until, clock.GetUtcNow(), ct);
        if (failure is not null) await progress.Stop(connection, failure, clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);
        position = until;
        most = PageSize;
        return failure is null ? ViewStep.Moved : ViewStep.Stopped;
    }

    /// <summary>Takes what stands before the first event that fails, which may be all.</summary>
    private async Task<(long Until, ViewFailure? Failure)> Take(
        NpgsqlConnection connection, IReadOnlyList<EventEntry> entries, long until, CancellationToken ct)
    {
        var unreadable = entries.FirstOrDefault(entry => entry.Error is not null);
        var failure = unreadable is null ? null : new ViewFailure(unreadable.Seq, unreadable.Error!);
        while (true)
        {
            var events = entries.TakeWhile(entry => failure is null || entry.Seq < failure.Seq).Select(entry => entry.Recorded!).ToList();
            taking = events.Count > 0 ? events[0].Seq : 0;
            try
            {
                await ViewWriter.Apply(connection, view, view.Table, events, ct);
                return (failure is null ? until : failure.Seq - 1, failure);
            }
            catch (ViewFailure earlier)
            {
                failure = earlier;
            }
        }
    }

    private async Task<ViewStep> Stop(ViewFailure failure, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await progress.Lock(connection, ct) is not { } standing || standing.Position >= failure.Seq) return ViewStep.Elsewhere;

        await progress.Stop(connection, failure, clock.GetUtcNow(), ct);
        await transaction.CommitAsync(ct);
        return ViewStep.Stopped;
    }

    // Classes 22 (data exception) and 23 (constraint violation); anything else is the database's trouble and passes.
    internal static bool IsAboutData(PostgresException failure) =>
        failure.SqlState.StartsWith("22", StringComparison.Ordinal) || failure.SqlState.StartsWith("23", StringComparison.Ordinal);
}
