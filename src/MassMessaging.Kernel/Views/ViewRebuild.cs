using System.Data;
using MassMessaging.Kernel.Messages;
using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>
/// Folds views anew from the first event while everything runs, whole or for one profile: into shadow tables up to a safe position, then, in
/// one short transaction, up to the live rows' position, and exchanged for them. Nothing is sent or published. What was asked for is written
/// down: a daemon on any node works on it, and goes on where a killed one stopped.
/// </summary>
public sealed class ViewRebuild
{
    private const string Skipped = "select seq_id from view_skip where name = @name";

    private const string KnownVersions = "select name, fingerprint from view_version";

    private const string HasEvents = "select exists (select from mt_events)";

    private const string SaveVersions = """
        insert into view_version (name, fingerprint, at)
        select name, fingerprint, @now from unnest(@names::text[], @fingerprints::text[]) as n (name, fingerprint)
        on conflict (name) do update set fingerprint = excluded.fingerprint, at = excluded.at
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly RebuildTools tools;
    private readonly WakeUp wakeUp;
    private readonly TimeProvider clock;

    internal ViewRebuild(RebuildTools tools, WakeUp wakeUp, TimeProvider clock) => (this.tools, this.wakeUp, this.clock) = (tools, wakeUp, clock);

    /// <summary>Has them built anew; what is being rebuilt already goes on.</summary>
    /// <param name="profile">Whose part; null: the whole views.</param>
    /// <exception cref="InvalidOperationException">No such view.</exception>
    public async Task Request(IReadOnlyList<string> views, Guid? profile, string actor, CancellationToken ct)
    {
        await tools.Ledger.Request([.. views.Select(tools.Views.Named)], profile, actor, ct);
        wakeUp.Raise(WakeUp.Rebuilds);
    }

    /// <summary>The last of each view and part, newest first.</summary>
    public async Task<IReadOnlyList<RebuildProgress>> All(CancellationToken ct) => await tools.Ledger.All(ct);

    /// <summary>Null: never rebuilt.</summary>
    public async Task<RebuildProgress?> Progress(string view, Guid? profile, CancellationToken ct) =>
        (await All(ct)).FirstOrDefault(rebuild => rebuild.View == view && rebuild.ProfileId == profile);

    /// <summary>The live rows stay as they are. False: it does not run.</summary>
    public async Task<bool> Cancel(string view, Guid? profile, CancellationToken ct)
    {
        if (!await tools.Ledger.Cancel(tools.Views.Named(view), profile, ct)) return false;

        // Whoever works on it drops the shadow; if nobody does, it is done here.
        await using var claims = await RebuildClaims.Open(tools.Database, ct);
        if (await claims.Take(tools.Views.Named(view), profile, ct)) await new ShadowTable(tools.Views.Named(view), profile).Drop(claims.Connection, ct);
        return true;
    }

    /// <summary>Asks for it and returns when it is done, whoever does it.</summary>
    /// <exception cref="InvalidOperationException">No such view, or an event that the view cannot take.</exception>
    public async Task Run(string view, CancellationToken ct, Guid? profile = null) => await Run([view], profile, ct);

    /// <inheritdoc cref="Run(string, CancellationToken, Guid?)"/>
    public async Task Run(IReadOnlyList<string> views, Guid? profile, CancellationToken ct)
    {
        await Request(views, profile, "system", ct);
        while (true)
        {
            var own = (await All(ct)).Where(rebuild => rebuild.ProfileId == profile && views.Contains(rebuild.View)).ToList();
            if (own.FirstOrDefault(rebuild => rebuild.State == "failed") is { } failed) throw new InvalidOperationException(failed.Error);
            if (own.All(rebuild => rebuild.State != "running")) return;
            if (!await RunPending(ct)) await Task.Delay(Pause, ct);
        }
    }

    /// <summary>One pass over the log for what waits and can share it. False: nothing waits that nobody works on.</summary>
    public async Task<bool> RunPending(CancellationToken ct)
    {
        await using var claims = await RebuildClaims.Open(tools.Database, ct);
        var claimed = await Claim(claims, ct);
        if (claimed.Count == 0) return false;

        try
        {
            await tools.Views.Start(ct);
            var targets = await Targets(claims.Connection, claimed, ct);
            await new RebuildPass(tools, claims.Connection, claimed[0].ProfileId, targets, claimed[0].Position).Run(ct);
        }
        catch (PostgresException failure) when (!failure.IsTransient && claims.Connection.State == ConnectionState.Open && IsOurFault(failure))
        {
            foreach (var (view, profile) in claimed.Select(rebuild => (tools.Views.Named(rebuild.View), rebuild.ProfileId)))
                await tools.Ledger.Finish(null, view, profile, "failed", $"{view.Name}: {failure.MessageText}", null, ct);
        }

        return true;
    }

    /// <summary>Views that are new or were changed since their rows were made are built beside the old ones. Answers their names.</summary>
    public async Task<IReadOnlyList<string>> RequestChanged(CancellationToken ct)
    {
        await using var connection = await tools.Database.OpenConnectionAsync(ct);
        var known = (await RebuildLedger.Query(connection, KnownVersions, row => (row.GetString(0), row.GetString(1)), ct)).ToHashSet();
        var changed = tools.Views.Types.Where(view => !known.Contains((view.Name, view.Fingerprint))).ToList();
        if (changed.Count == 0) return [];

        if ((await RebuildLedger.Query(connection, HasEvents, row => row.GetBoolean(0), ct))[0])
        {
            await Request([.. changed.Select(view => view.Name)], null, "system", ct);
            return [.. changed.Select(view => view.Name)];
        }

        await RebuildLedger.Query(
            connection, SaveVersions, row => 0, ct, ("names", changed.Select(view => view.Name).ToArray()),
            ("fingerprints", changed.Select(view => view.Fingerprint).ToArray()), ("now", clock.GetUtcNow()));
        return [];
    }

    /// <summary>The first that waits, and all that can go with it: the same part from the same place.</summary>
    private async Task<List<RebuildProgress>> Claim(RebuildClaims claims, CancellationToken ct)
    {
        var claimed = new List<RebuildProgress>();
        foreach (var rebuild in await RebuildLedger.Running(claims.Connection, tools.Views.Types, ct))
        {
            if (claimed.Count > 0 && (rebuild.ProfileId != claimed[0].ProfileId || rebuild.Position != claimed[0].Position)) continue;
            if (await claims.Take(tools.Views.Named(rebuild.View), rebuild.ProfileId, ct)) claimed.Add(rebuild);
        }

        // Who held the claim until a moment ago may have moved or ended it.
        var now = (await RebuildLedger.Running(claims.Connection, tools.Views.Types, ct)).ToDictionary(rebuild => (rebuild.View, rebuild.ProfileId));
        return [.. claimed.Where(rebuild => now.TryGetValue((rebuild.View, rebuild.ProfileId), out var still) && still.Position == rebuild.Position)];
    }

    private async Task<List<RebuildTarget>> Targets(NpgsqlConnection connection, List<RebuildProgress> claimed, CancellationToken ct)
    {
        var targets = new List<RebuildTarget>();
        foreach (var rebuild in claimed)
        {
            var view = tools.Views.Named(rebuild.View);
            var table = new ShadowTable(view, rebuild.ProfileId);
            var goesOn = rebuild.Position > 0 && await table.IsUsable(connection, ct);
            await RebuildLedger.Begin(connection, view, rebuild.ProfileId, goesOn ? rebuild.Position : 0, goesOn, ct);
            if (rebuild.Position > 0 && !goesOn) continue; // Its next pass is from the beginning.

            if (!goesOn) await table.Create(connection, ct);
            IShadow shadow = view.IsSum ? new SumShadow(view, table, goesOn)
                : view.IsChain ? new ChainShadow(view, table, tools.Options.MostRows, goesOn)
                : new RowShadow(view, table, tools.Options.MostRows, goesOn);
            targets.Add(new RebuildTarget(view, table, shadow, [.. await RebuildLedger.Query(connection, Skipped, row => row.GetInt64(0), ct, ("name", view.Name))]));
        }

        return targets;
    }

    // Classes 0A, 2B, 42: the table is not as the view wants it. Anything else is the database's trouble and passes.
    private static bool IsOurFault(PostgresException failure) => failure.SqlState[..2] is "0A" or "2B" or "42";
}
