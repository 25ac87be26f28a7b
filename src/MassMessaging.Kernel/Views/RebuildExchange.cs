using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>The short transaction at the end of a rebuild: writers are kept out, the last events are folded, and the new rows are the live ones.</summary>
internal sealed class RebuildExchange(EventPages pages, RebuildLedger ledger, TimeProvider clock)
{
    private const int Portion = 1_000;

    // Waiting for the table's lock makes everybody else wait behind us: not for long.
    private const string Impatient = "set local lock_timeout = '500ms'";

    private const string LockProgress = "select last_seq_id from mt_event_progression where name = @name for update";

    private const string MoveProgress = """
        with released as (delete from view_stop where name = @name and seq_id <= @position)
        update mt_event_progression set last_seq_id = @position, last_updated = @now where name = @name
        """;

    private const string SaveVersion = """
        insert into view_version (name, fingerprint, at) values (@name, @fingerprint, @now)
        on conflict (name) do update set fingerprint = excluded.fingerprint, at = excluded.at
        """;

    /// <summary>False: the locks could not be had in time, so others go first.</summary>
    public async Task<bool> Run(NpgsqlConnection connection, RebuildTarget target, Guid? profile, long position, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        try
        {
            await ShadowTable.Run(connection, Impatient, ct);
            var until = await Lock(connection, target.View, profile, position, ct);
            if (!await target.Table.IsUsable(connection, ct))
            {
                await transaction.RollbackAsync(ct);
                await BeginAgain(connection, target, profile, ct);
                return true;
            }

            position = await FoldRest(connection, target, profile, position, until, ct);
            await target.Shadow.Write(connection, ct);
            if (profile is null) await Replace(connection, target, position, ct);
            else await target.Table.Merge(connection, ct);

            var isRunning = await ledger.Finish(connection, target.View, profile, "done", error: null, seq: null, ct);
            if (isRunning)
            {
                await transaction.CommitAsync(ct);
                return true;
            }

            await transaction.RollbackAsync(ct); // Cancelled: the live rows stay, and the shadow goes.
            await target.Table.Drop(connection, ct);
            return true;
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            target.Shadow.Forget();
            return false;
        }
        catch (Exception failure) when (failure is ViewFailure || (failure is PostgresException data && AsyncView.IsAboutData(data)))
        {
            await transaction.RollbackAsync(ct);
            await target.Table.Drop(connection, ct);
            await ledger.Finish(connection, target.View, profile, "failed", failure.Message, (failure as ViewFailure)?.Seq, ct);
            return true;
        }
    }

    /// <summary>The live table was changed since the shadow was made from it: the next pass is from the beginning.</summary>
    public static async Task BeginAgain(NpgsqlConnection connection, RebuildTarget target, Guid? profile, CancellationToken ct)
    {
        await target.Table.Drop(connection, ct);
        await RebuildLedger.Begin(connection, target.View, profile, position: 0, isResumed: false, ct);
    }

    // An async view's rows stand at its position, and so must the shadow's: nobody else moves them while its row is locked. An inline view's
    // writers lock the table before they fold and until they commit: whoever has written to it is visible now, and whoever comes later folds
    // onto the new rows. Readers are kept out only where the table itself is exchanged.
    private static async Task<long> Lock(NpgsqlConnection connection, ViewType view, Guid? profile, long position, CancellationToken ct)
    {
        var until = view.Mode == ViewMode.Async ? Math.Max(position, await Position(connection, view, ct)) : long.MaxValue;
        if (profile is null) await ShadowTable.Run(connection, $"lock table {view.Table} in access exclusive mode", ct);
        else await ShadowTable.Run(connection, $"lock table {view.Table} in {(view.Mode == ViewMode.Inline ? "share row" : "row")} exclusive mode", ct);
        return until;
    }

    private static async Task<long> Position(NpgsqlConnection connection, ViewType view, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(LockProgress, connection);
        Arguments.Add(command.Parameters, [("name", view.Name)]);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task<long> FoldRest(
        NpgsqlConnection connection, RebuildTarget target, Guid? profile, long position, long until, CancellationToken ct)
    {
        using var shared = new SharedConnection(connection);
        while (position < until)
        {
            var page = await pages.Read(connection, position, until, Portion, ct);
            await target.Take(shared, [.. page.Entries.Where(entry => profile is null || entry.Tenant == profile.Value.ToString("D"))], ct);
            position = page.Until;
        }

        return position;
    }

    private async Task Replace(NpgsqlConnection connection, RebuildTarget target, long position, CancellationToken ct)
    {
        if (target.View.Mode == ViewMode.Async) await Execute(connection, MoveProgress, target.View, position, ct);
        await target.Table.Exchange(connection, ct);
        await Execute(connection, SaveVersion, target.View, position, ct);
    }

    private async Task Execute(NpgsqlConnection connection, string sql, ViewType view, long position, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        Arguments.Add(
            command.Parameters, [("name", view.Name), ("position", position), ("now", clock.GetUtcNow()), ("fingerprint", view.Fingerprint)]);
        await command.ExecuteNonQueryAsync(ct);
    }
}
