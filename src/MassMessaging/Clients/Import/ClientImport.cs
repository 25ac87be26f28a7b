using System.Globalization;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Clients.Import;

/// <summary>
/// Imports a CSV file of clients. Bad rows are reported and left out; the good ones of one file commit together, so that a file is never
/// half imported. A dry run is the same transaction, rolled back: its figures are those of the import.
/// </summary>
public sealed class ClientImport(IStore store, NewClients clients)
{
    private const int BatchSize = 1000;

    private const string Key = "(hashtextextended('client-import ' || @profile::text, 0))";

    // Two imports that insert the same numbers in different orders would deadlock.
    internal const string Lock = $"select pg_try_advisory_xact_lock{Key}";
    private const string SharedLock = $"select pg_try_advisory_xact_lock_shared{Key}";

    /// <summary>Memory does not grow with the file, but for eight bytes and a little for every phone number seen.</summary>
    /// <exception cref="ProblemException">
    /// 400 <c>csv-empty</c>, <c>column-missing</c>; 409 <c>import-running</c>; 413 <c>body-too-large</c>.
    /// </exception>
    public async Task<ImportReport> Run(Guid profile, Stream csv, ImportOptions options, Origin origin, CancellationToken ct)
    {
        await using var spool = await SpooledCsv.Spool(csv, ct);
        var file = CsvFile.Understand(spool, options.Map ?? new Dictionary<ImportField, string>());
        var country = await Client.CountryOf(store, profile, ct);

        await using var session = store.Open(origin);
        await Take(Lock, session, profile, ct);
        var tally = new ImportTally();
        var batch = new ImportBatch(clients, session, profile, options.OnExisting, tally);
        var reader = new ImportFileReader(file.Columns, country, tally);
        foreach (var records in file.Records().Chunk(BatchSize)) await batch.Write(reader.Read(records), ct);
        if (!options.DryRun) await session.Commit(ct);
        return tally.Report();
    }

    /// <summary>
    /// For whoever adds many clients, any number at a time: what an import has inserted, and commits at its end only, would be waited for.
    /// </summary>
    /// <exception cref="ProblemException">409 <c>import-running</c>.</exception>
    public static Task NoneRuns(ISession session, Guid profile, CancellationToken ct) => Take(SharedLock, session, profile, ct);

    private static async Task Take(string text, ISession session, Guid profile, CancellationToken ct)
    {
        if ((await session.Query(text, row => row.GetBoolean(0), ct, ("profile", profile)))[0]) return;

        throw new ProblemException(new Problem(
            StatusCodes.Status409Conflict, "import-running", "Another import is running: try again when it is done.",
            RetryAfter: TimeSpan.FromSeconds(5)));
    }
}

/// <summary>Tells the rows that can be written from those that cannot, over a whole file.</summary>
internal sealed class ImportFileReader(ImportColumns columns, string country, ImportTally tally)
{
    private readonly HashSet<long> seen = [];

    public List<ImportRow> Read(IEnumerable<CsvRecord> records)
    {
        var rows = new List<ImportRow>();
        foreach (var record in records)
        {
            var row = ImportRowReader.Read(record, columns, country, tally.List);
            if (row is not null && seen.Add(long.Parse(row.Phone.AsSpan(1), CultureInfo.InvariantCulture)))
            {
                rows.Add(row);
                continue;
            }

            tally.Failed++;
            if (row is not null) tally.List(new(row.Row, "phone", "duplicate-in-file", "An earlier row has this phone number."));
        }

        return rows;
    }
}
