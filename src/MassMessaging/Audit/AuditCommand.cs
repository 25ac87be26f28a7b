using System.Globalization;
using System.IO.Compression;
using System.IO.Pipelines;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Audit;

/// <summary>The audit from the command line, on the database that the service works on; a proof is verified without any.</summary>
public static class AuditCommand
{
    private const string Usage = """
        usage: audit replay <campaign> [<speed>]    tells its history again; 0 is without pauses
               audit export <campaign> [<file>]     writes its proof, to the screen if no file is named
               audit verify <file> [--log]          checks a proof (or .gz of one) by itself; with --log against today's log too
        """;

    private const string ProfileOf = """
        select p.id from profile p
        where exists (select 1 from audit_chain c where c.profile_id = p.id and c.id = @campaign)
        """;

    /// <summary>It reads a file and nothing else.</summary>
    public static bool NeedsNoDatabase(IReadOnlyList<string> words) => words is ["audit", "verify", _];

    public static Task<int> VerifyAlone(string file, TextWriter output, CancellationToken ct) =>
        Said(() => Verify(file, _ => Task.FromResult<LogCursor?>(null), output, ct));

    public static Task<int> Run(IReadOnlyList<string> words, IServiceProvider services, CancellationToken ct) =>
        Run(words, services, Console.Out, ct);

    public static Task<int> Run(IReadOnlyList<string> words, IServiceProvider services, TextWriter output, CancellationToken ct)
    {
        var trail = new AuditTrail(services.GetRequiredService<EventChains>());
        var store = services.GetRequiredService<IStore>();
        return words switch
        {
            ["replay", var campaign] => Said(() => Tell(trail, store, campaign, 1, output, ct)),
            ["replay", var campaign, var speed] when double.TryParse(speed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var times) =>
                Said(() => Tell(trail, store, campaign, times, output, ct)),
            ["export", var campaign] => Said(() => Export(trail, store, campaign, output, ct)),
            ["export", var campaign, var file] => Said(() => ExportTo(trail, store, campaign, file, ct)),
            ["verify", var file, "--log"] => Said(() => VerifyWithLog(trail, store, file, output, ct)),
            _ => Fail(Usage),
        };
    }

    private static async Task<int> Tell(AuditTrail trail, IStore store, string id, double speed, TextWriter output, CancellationToken ct)
    {
        var (campaign, last) = await Find(trail, store, id, ct);
        await foreach (var told in new Replay(trail, store.Clock, speed).Events(campaign, 0, last.Seq, ct))
        {
            var at = told.At.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
            var who = told.MemberId is { } member ? member.ToString() : "campaign";
            await output.WriteLineAsync($"{at}  {who,-36}  {told.Type,-18}  {told.Actor}  {told.Data.GetRawText()}");
        }

        return 0;
    }

    private static async Task<int> Export(AuditTrail trail, IStore store, string id, TextWriter output, CancellationToken ct)
    {
        var (campaign, last) = await Find(trail, store, id, ct);
        await foreach (var lines in ExportProof.Lines(trail, campaign, last, ct))
            foreach (var line in lines) await output.WriteAsync(line + '\n');
        return 0;
    }

    private static async Task<int> ExportTo(AuditTrail trail, IStore store, string id, string file, CancellationToken ct)
    {
        await using var output = new StreamWriter(file);
        return await Export(trail, store, id, output, ct);
    }

    private static async Task<int> VerifyWithLog(AuditTrail trail, IStore store, string file, TextWriter output, CancellationToken ct)
    {
        LogCursor? found = null;
        try
        {
            return await Verify(file, async campaign => found = await trail.End(campaign, ct) is { Last: { } last }
                ? new LogCursor(trail, campaign, last.Seq, ct)
                : throw new ProofFormatException($"There is no campaign {campaign.Id} in this database."), output, ct);
        }
        finally
        {
            if (found is not null) await found.DisposeAsync();
        }
    }

    private static async Task<int> Verify(string file, Func<StreamKey, Task<LogCursor?>> logOf, TextWriter output, CancellationToken ct)
    {
        await using var bytes = File.OpenRead(file);
        await using var plain = file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? (Stream)new GZipStream(bytes, CompressionMode.Decompress) : bytes;
        var verdict = await new ProofCheck(logOf).Run(ProofLines.Read(PipeReader.Create(plain), ct));
        var against = verdict.ComparedWithLog ? " and agrees with the log" : "";
        await output.WriteLineAsync(verdict.FirstBad is { } bad
            ? $"NOT VALID: {bad.Problem} at event {bad.Seq}"
            : $"valid: {verdict.Events} events, the chain is whole{against}");
        return verdict.Valid ? 0 : 1;
    }

    private static async Task<(StreamKey Campaign, AuditLink Last)> Find(AuditTrail trail, IStore store, string id, CancellationToken ct)
    {
        if (!Guid.TryParse(id, out var campaign)) throw new ProofFormatException($"{id} is no id of a campaign.");

        // A command may be the first to look since the events were written.
        _ = await trail.End(new StreamKey(Guid.Empty, campaign), ct);
        var profiles = await store.Query(ProfileOf, row => row.GetGuid(0), ct, ("campaign", campaign));
        if (profiles.Count == 0) throw new ProofFormatException($"There is no campaign {campaign} in this database.");

        var key = new StreamKey(profiles[0], campaign);
        return (key, (await trail.End(key, ct)).Last!);
    }

    /// <summary>What a person can mend is a sentence; anything else goes on.</summary>
    private static async Task<int> Said(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (ProblemException problem)
        {
            return await Fail(problem.Problem.Detail);
        }
        catch (Exception wrong) when (wrong is ProofFormatException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return await Fail(wrong.Message);
        }
    }

    private static async Task<int> Fail(string reason)
    {
        await Console.Error.WriteLineAsync(reason);
        return 2;
    }
}
