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
        List<EventEntry> entries = [.. page.Entries.Where(entry => view.Cares(entry.Type))];
        if (entries.Count == 0) return await Pass(connection, page.Until, ct);

        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await progress.Lock(connection, ct) is not { } standing) return ViewStep.Elsewhere;
        if (standing.Position != position || standing.Stop is not null) return ViewStep.Moved; // Another node was here: look again.

        var (until, failure, writes) = await Take(connection, entries.FindAll(entry => !standing.Skipped.Contains(entry.Seq)), page.Until, ct);
        writes.Add(progress.Move(until, clock.GetUtcNow()));
        if (failure is not null) writes.Add(progress.Stop(failure, clock.GetUtcNow()));
        await Commit(connection, writes, ct);
        position = until;
        most = PageSize;
        return failure is null ? ViewStep.Moved : ViewStep.Stopped;
    }

    /// <summary>A page with nothing for the view.</summary>
    private async Task<ViewStep> Pass(NpgsqlConnection connection, long until, CancellationToken ct)
    {
        if (!await progress.Pass(connection, position, until, clock.GetUtcNow(), ct)) return ViewStep.Elsewhere;

        (position, most) = (until, PageSize);
        return ViewStep.Moved;
    }

    /// <summary>One round trip.</summary>
    private static async Task Commit(NpgsqlConnection connection, List<NpgsqlBatchCommand> writes, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var write in writes) batch.BatchCommands.Add(write);
        await batch.ExecuteAndCommit(ct);
    }

    /// <summary>Takes what stands before the first event that fails, which may be all.</summary>
    private async Task<(long Until, ViewFailure? Failure, List<NpgsqlBatchCommand> Writes)> Take(
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
                return (failure is null ? until : failure.Seq - 1, failure, await ViewWriter.Write(connection, view, view.Table, events, ct));
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

        await Commit(connection, [progress.Stop(failure, clock.GetUtcNow())], ct);
        return ViewStep.Stopped;
    }

    // Classes 22 (data exception) and 23 (constraint violation); anything else is the database's trouble and passes.
    internal static bool IsAboutData(PostgresException failure) =>
        failure.SqlState.StartsWith("22", StringComparison.Ordinal) || failure.SqlState.StartsWith("23", StringComparison.Ordinal);
}
