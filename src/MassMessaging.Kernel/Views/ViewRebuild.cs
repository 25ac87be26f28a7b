using System.Collections.Concurrent;
using System.Data;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MassMessaging.Kernel;

/// <param name="State"><c>running</c>, <c>done</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="Processed">Place in the log that the shadow has reached, of <paramref name="Total"/>.</param>
public sealed record RebuildProgress(
    string State, long Processed, long Total, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string? Error);

/// <summary>
/// Folds a view anew from the first event while everything runs: into a shadow table up to a safe position, then, with the live table
/// locked for the last few events, exchanged for it in one transaction. Nothing is sent or published.
/// </summary>
public sealed class ViewRebuild
{
    private const int PageSize = 1_000;

    private const string Claim = "select pg_try_advisory_lock(hashtextextended(@name, 1))";

    private const string Unclaim = "select pg_advisory_unlock(hashtextextended(@name, 1))";

    private const string Skipped = "select seq_id from view_skip where name = @name";

    // Waiting for the table's lock makes everybody else wait behind us: not for long.
    private const string Impatient = "set local lock_timeout = '500ms'";

    private const string LockProgress = "select last_seq_id from mt_event_progression where name = @name for update";

    private const string MoveProgress = """
        with released as (delete from view_stop where name = @name and seq_id <= @position)
        update mt_event_progression set last_seq_id = @position, last_updated = @now where name = @name
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, RebuildProgress> progress = new();
    private readonly Views views;
    private readonly NpgsqlDataSource database;
    private readonly EventPages pages;
    private readonly TimeProvider clock;
    private readonly ILogger log;

    internal ViewRebuild(Views views, NpgsqlDataSource database, EventPages pages, TimeProvider clock, ILogger log) =>
        (this.views, this.database, this.pages, this.clock, this.log) = (views, database, pages, clock, log);

    /// <summary>Null: not rebuilt since this process started.</summary>
    public RebuildProgress? Progress(string view) => progress.GetValueOrDefault(view);

    /// <exception cref="InvalidOperationException">No such view, already being rebuilt, or an event that the view cannot take.</exception>
    public async Task Run(string view, CancellationToken ct)
    {
        var type = views.Named(view);
        await using var claim = await database.OpenConnectionAsync(ct);
        if (!await Scalar<bool>(claim, Claim, ct, ("name", Resource(type))))
            throw new InvalidOperationException($"{view} is being rebuilt already.");

        progress[view] = new RebuildProgress("running", 0, 0, clock.GetUtcNow(), FinishedAt: null, Error: null);
        try
        {
            await Rebuild(type, claim, ct);
            Finish(view, "done", error: null);
        }
        catch (ViewFailure failure)
        {
            Finish(view, "failed", failure.Message);
            throw new InvalidOperationException(failure.Message, failure);
        }
        catch (Exception failure)
        {
            Finish(view, failure is OperationCanceledException ? "cancelled" : "failed", failure.Message);
            throw;
        }
        finally
        {
            if (claim.State == ConnectionState.Open) await GiveUpClaim(claim, type);
        }
    }

    private static async Task GiveUpClaim(NpgsqlConnection claim, ViewType view)
    {
        await ShadowTable.Drop(claim, view, CancellationToken.None);
        await Scalar<bool>(claim, Unclaim, CancellationToken.None, ("name", Resource(view)));
    }

    private async Task Rebuild(ViewType view, NpgsqlConnection connection, CancellationToken ct)
    {
        await views.Start(ct);
        await ShadowTable.Create(connection, view, ct);
        var skipped = await SkippedEvents(connection, view, ct);
        var position = 0L;
        while (true)
        {
            var safe = await views.Safe.Reach(ct);
            var isNear = safe - position <= PageSize;
            position = await Fold(view, connection, position, safe, skipped, ct);
            if (isNear && await Exchange(view, connection, position, skipped, ct)) return;
            if (isNear) await Task.Delay(Pause, ct);
        }
    }

    private async Task<long> Fold(
        ViewType view, NpgsqlConnection connection, long position, long until, HashSet<long> skipped, CancellationToken ct)
    {
        while (position < until)
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            position = await Page(view, connection, position, until, skipped, ct);
            await transaction.CommitAsync(ct);
            progress[view.Name] = progress[view.Name] with { Processed = position, Total = until };
        }

        return position;
    }

    private async Task<long> Page(
        ViewType view, NpgsqlConnection connection, long position, long until, HashSet<long> skipped, CancellationToken ct)
    {
        var page = await pages.Read(connection, position, until, PageSize, ct);
        var entries = page.Entries.Where(entry => !skipped.Contains(entry.Seq)).ToList();
        if (entries.FirstOrDefault(entry => entry.Error is not null) is { } unreadable) throw new ViewFailure(unreadable.Seq, unreadable.Error!);

        await ViewWriter.Apply(connection, view, ShadowTable.Of(view), [.. entries.Select(entry => entry.Recorded!)], ct);
        return page.Until;
    }

    /// <summary>False: the locks could not be had in time, so others go first.</summary>
    private async Task<bool> Exchange(
        ViewType view, NpgsqlConnection connection, long position, HashSet<long> skipped, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        try
        {
            await ShadowTable.Run(connection, Impatient, ct);
            var until = await LockForExchange(view, connection, position, ct);
            while (position < until) position = await Page(view, connection, position, until, skipped, ct);
            if (view.Mode == ViewMode.Async) await Moved(view, connection, position, ct);
            await ShadowTable.Exchange(connection, view, ct);
            await transaction.CommitAsync(ct);
            return true;
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            return false;
        }
    }

    // An async view's rows stand at its position, and so must the shadow's. An inline view's writers lock the table before they fold and
    // until they commit: whoever has written to it is visible now, and whoever comes later folds onto the shadow's rows.
    private static async Task<long> LockForExchange(ViewType view, NpgsqlConnection connection, long position, CancellationToken ct)
    {
        var until = view.Mode == ViewMode.Async ? Math.Max(position, await Scalar<long>(connection, LockProgress, ct, ("name", view.Name))) : long.MaxValue;
        await ShadowTable.Run(connection, $"lock table {view.Table} in access exclusive mode", ct);
        return until;
    }

    private async Task Moved(ViewType view, NpgsqlConnection connection, long position, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(MoveProgress, connection);
        Arguments.Add(command.Parameters, [("name", view.Name), ("position", position), ("now", clock.GetUtcNow())]);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task<HashSet<long>> SkippedEvents(NpgsqlConnection connection, ViewType view, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Skipped, connection);
        Arguments.Add(command.Parameters, [("name", view.Name)]);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var skipped = new HashSet<long>();
        while (await reader.ReadAsync(ct)) skipped.Add(reader.GetInt64(0));
        return skipped;
    }

    private static async Task<T> Scalar<T>(NpgsqlConnection connection, string sql, CancellationToken ct, params (string, object?)[] args)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        Arguments.Add(command.Parameters, args);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }

    private static string Resource(ViewType view) => $"rebuild {view.Table}";

    private void Finish(string view, string state, string? error)
    {
        progress[view] = progress[view] with { State = state, FinishedAt = clock.GetUtcNow(), Error = error };
        log.LogInformation("Rebuild of {View}: {State}", view, state);
    }
}
