using MassMessaging.Http;

namespace MassMessaging.Clients.Import;

/// <summary>A spooled file with its delimiter found and its header understood.</summary>
/// <param name="Columns">Name and phone are among them.</param>
/// <param name="Preamble">Records before the header: a spreadsheet's <c>sep=;</c> line.</param>
public sealed record CsvFile(SpooledCsv Spool, char Delimiter, ImportColumns Columns, int Preamble)
{
    private const string Usual = ",;\t|";

    /// <exception cref="ProblemException">400 <c>csv-empty</c>, <c>column-missing</c>.</exception>
    public static CsvFile Understand(SpooledCsv spool, IReadOnlyDictionary<ImportField, string> map)
    {
        var (first, preamble, named) = FirstLine(spool);
        if (first is null) throw new ProblemException(StatusCodes.Status400BadRequest, "csv-empty", "The file has no header row.");

        var candidates = named is { } given ? [given] : Usual.Concat(first.Where(IsOdd)).Distinct();
        var best = candidates
            .Select(delimiter => new CsvFile(spool, delimiter, Header(spool, delimiter, preamble, map), preamble))
            .OrderByDescending(file => file.Columns.Of.Count)
            .ThenByDescending(file => file.Columns.Count)
            .First();
        best.Columns.ThrowIfMissing();
        return best;
    }

    /// <summary>The records after the header; those without any text are left out.</summary>
    public IEnumerable<CsvRecord> Records()
    {
        using var reader = Spool.OpenText();
        var records = new CsvRecords(reader, Delimiter);
        for (var i = 0; i <= Preamble; i++) records.Next();
        while (records.Next() is { } record)
        {
            if (record.Broken is null && record.Cells.All(string.IsNullOrWhiteSpace)) continue;
            yield return record with { Number = record.Number - Preamble };
        }
    }

    private static (string? First, int Preamble, char? Named) FirstLine(SpooledCsv spool)
    {
        using var reader = spool.OpenText();
        var lines = new CsvLines(reader);
        var first = Next();
        return first?.Trim('"') is ['s', 'e', 'p', '=', var delimiter] ? (Next(), 1, delimiter) : (first, 0, null);

        string? Next()
        {
            var line = lines.Next();
            while (line is not null && string.IsNullOrWhiteSpace(line)) line = lines.Next();
            return line;
        }
    }

    private static ImportColumns Header(SpooledCsv spool, char delimiter, int preamble, IReadOnlyDictionary<ImportField, string> map)
    {
        using var reader = spool.OpenText();
        var records = new CsvRecords(reader, delimiter);
        for (var i = 0; i < preamble; i++) records.Next();
        return ImportColumns.Match(records.Next()?.Cells ?? [], map);
    }

    // What stands in headers for other reasons is no delimiter.
    private static bool IsOdd(char character) =>
        !char.IsLetterOrDigit(character) && !char.IsWhiteSpace(character) && !"\"'._-()/@#&+".Contains(character);
}
