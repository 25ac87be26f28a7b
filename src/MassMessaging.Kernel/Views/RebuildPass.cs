using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>A view, or one profile's part of it, on its way through a pass.</summary>
internal sealed record RebuildTarget(ViewType View, ShadowTable Table, IShadow Shadow, HashSet<long> Skipped);

/// <summary>What a pass works with.</summary>
internal sealed record RebuildTools(
    NpgsqlDataSource Database, Views Views, EventCopy Copy, RebuildLedger Ledger, RebuildExchange Exchange, RebuildOptions Options,
    ILogger Log);

/// <summary>
/// One pass over the log that folds several views anew, each into its shadow: the log is read once for all of them. Rows and position are
/// committed together from time to time, and another process goes on from there.
/// </summary>
/// <param name="writing">Holds the claims; nobody else uses it.</param>
/// <param name="profile">Whose part; null: the whole views.</param>
internal sealed class RebuildPass(RebuildTools tools, NpgsqlConnection writing, Guid? profile, List<RebuildTarget> targets, long begin)
{
    private const int Portion = 4_096;
    private const int IndexedAtOnce = 2;
    private const long ChunkOfAll = 1_000_000; // A read of hours would keep the server from clearing dead rows away.
    private const long ChunkOfOne = 5_000_000;
    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Stopwatch told = Stopwatch.StartNew();
    private long kept = begin;
    private int since;

    /// <summary>Ends when every view is exchanged, failed or cancelled, or when what failed leaves the rest to a new pass.</summary>
    public async Task Run(CancellationToken ct)
    {
        var position = kept;
        while (targets.Count > 0)
        {
            var until = await Reach(ct);
            var isNear = until - position <= Portion;
            position = await Fold(position, until, ct);
            if (!isNear) continue;

            if (position > kept) await Checkpoint(position, ct);
            if (targets.Any(target => !target.Table.IsIndexed))
            {
                await Index(ct);
                continue; // What came meanwhile is folded before writers are kept out.
            }

            foreach (var target in targets.ToList())
            {
                if (await tools.Exchange.Run(writing, target, profile, position, ct)) targets.Remove(target);
            }

            if (targets.Count == 0) return;

            await Remaining(await tools.Ledger.Tell(Views(), profile, position, until, ct), ct);
            await Task.Delay(Pause, ct);
        }
    }

    private async Task Index(CancellationToken ct)
    {
        await Parallel.ForEachAsync(targets.ToList(), new ParallelOptions { MaxDegreeOfParallelism = IndexedAtOnce, CancellationToken = ct }, async (target, stop) =>
        {
            await using var connection = await tools.Database.OpenConnectionAsync(stop);
            try
            {
                await target.Table.IndexAll(connection, stop);
            }
            catch (PostgresException failure) when (failure.SqlState[..2] == "42") // An index of what the shadow does not have.
            {
                if (await target.Table.IsUsable(connection, stop)) throw;
            }
        });
        foreach (var changed in targets.Where(target => !target.Table.IsIndexed).ToList()) // By a migration: it begins again.
        {
            await RebuildExchange.BeginAgain(writing, changed, profile, ct);
            targets.Remove(changed);
        }
    }

    /// <summary>How far to fold. A part may not run ahead of its view, whose rows it joins.</summary>
    private async Task<long> Reach(CancellationToken ct)
    {
        var safe = await tools.Views.Safe.Reach(ct);
        if (profile is null) return safe;

        foreach (var target in targets.Where(target => target.View.Mode == ViewMode.Async))
            safe = Math.Min(safe, await new ViewProgress(target.View.Name).Look(writing, ct) is { } standing ? standing.Position : 0);
        return safe;
    }

    private async Task<long> Fold(long position, long until, CancellationToken ct)
    {
        while (position < until && targets.Count > 0)
        {
            var end = Math.Min(until, position + (profile is null ? ChunkOfAll : ChunkOfOne));
            await using var reading = await tools.Database.OpenConnectionAsync(ct);
            var range = new EventRange(position, end, profile, [.. targets.Select(target => target.View)]);
            await foreach (var entries in tools.Copy.Read(reading, range, Portion, ct))
            {
                await Take(entries, ct);
                await Progress(entries[^1].Seq, until, ct);
                if (targets.Count == 0) return position;
            }

            position = end;
            await Progress(position, until, ct);
        }

        return position;
    }

    private async Task Take(List<EventEntry> entries, CancellationToken ct)
    {
        since += entries.Count;
        using var shared = new SharedConnection(writing);
        var folds = targets.Select(target => (Target: target, Fold: Task.Run(() => target.Take(shared, entries, ct), ct))).ToList();
        await Task.WhenAll(folds.Select(one => one.Fold)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // none may still run
        foreach (var (target, fold) in folds)
        {
            try
            {
                await fold;
            }
            catch (ViewFailure failure)
            {
                await Fail(target, failure.Message, failure.Seq, ct);
            }
        }
    }

    private async Task Progress(long position, long until, CancellationToken ct)
    {
        if (since >= tools.Options.CheckpointEvents || targets.Any(target => target.Shadow.Held >= tools.Options.MostRows)) await Checkpoint(position, ct);
        if (told.Elapsed < TellEvery || targets.Count == 0) return;

        await Remaining(await tools.Ledger.Tell(Views(), profile, position, until, ct), ct);
        told.Restart();
    }

    private async Task Checkpoint(long position, CancellationToken ct)
    {
        var writes = targets[0];
        try
        {
            await using var transaction = await writing.BeginTransactionAsync(ct);
            foreach (var target in targets)
            {
                writes = target;
                await target.Shadow.Write(writing, ct);
            }

            var running = await RebuildLedger.Checkpoint(writing, Views(), profile, position, ct);
            await transaction.CommitAsync(ct);
            (kept, since) = (position, 0);
            await Remaining(running, ct);
        }
        catch (PostgresException failure) when (AsyncView.IsAboutData(failure))
        {
            // The others lost what stood in memory: a new pass begins where all of them stand.
            await Fail(writes, $"{writes.View.Name} failed between events {kept} and {position}: {failure.MessageText}", null, ct);
            targets.Clear();
        }
    }

    private async Task Remaining(List<string> running, CancellationToken ct)
    {
        foreach (var cancelled in targets.Where(target => !running.Contains(target.View.Name)).ToList())
        {
            targets.Remove(cancelled);
            await cancelled.Table.Drop(writing, ct);
            tools.Log.LogInformation("Rebuild of {View} was cancelled", cancelled.View.Name);
        }
    }

    private async Task Fail(RebuildTarget target, string error, long? seq, CancellationToken ct)
    {
        targets.Remove(target);
        await target.Table.Drop(writing, ct);
        await tools.Ledger.Finish(writing, target.View, profile, "failed", error, seq, ct);
        tools.Log.LogWarning("Rebuild of {View} failed: {Error}", target.View.Name, error);
    }

    private List<ViewType> Views() => [.. targets.Select(target => target.View)];
}

internal static class RebuildTargets
{
    /// <exception cref="ViewFailure">The view cannot take one of them, or one of its events cannot be read.</exception>
    public static async Task Take(this RebuildTarget target, SharedConnection connection, IReadOnlyList<EventEntry> entries, CancellationToken ct)
    {
        var events = new List<RecordedEvent>(entries.Count);
        foreach (var entry in entries)
        {
            if (target.Skipped.Contains(entry.Seq) || !target.View.Cares(entry.Type)) continue;
            events.Add(entry.Recorded ?? throw new ViewFailure(entry.Seq, entry.Error!));
        }

        await target.Shadow.Take(connection, events, ct);
    }
}
