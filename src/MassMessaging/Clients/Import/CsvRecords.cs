using System.Text;

namespace MassMessaging.Clients.Import;

/// <param name="Number">Counts records from 0, the header; empty lines are not records.</param>
/// <param name="Broken">What is wrong with its quotes; then it has no cells.</param>
public sealed record CsvRecord(int Number, IReadOnlyList<string> Cells, string? Broken = null);

/// <summary>
/// Records of a CSV file (RFC 4180, any delimiter). A quote that is never closed would swallow the rest of the file, as CsvHelper has it
/// (specs compare the two on sound files): here only that line is a broken record, and reading goes on with the next line.
/// </summary>
public sealed class CsvRecords(TextReader reader, char delimiter)
{
    // A field over more lines than this is not a note: its quote was never meant to be one.
    private const int MostLines = 200;

    private readonly CsvLines lines = new(reader);
    private readonly List<string> following = [];
    private readonly StringBuilder cell = new();
    private int number = -1;

    private enum Place
    {
        Start,
        Plain,
        Quoted,
        Closed,
    }

    /// <summary>Null at the end.</summary>
    public CsvRecord? Next()
    {
        var line = lines.Next();
        while (line is { Length: 0 }) line = lines.Next();
        if (line is null) return null;

        number++;
        following.Clear();
        var cells = new List<string>();
        cell.Clear();
        var (place, broken) = Read(line, cells, Place.Start);
        var length = line.Length;
        while (broken is null && place == Place.Quoted)
        {
            var next = following.Count < MostLines && length <= CsvLines.Longest ? lines.Next() : null;
            if (next is null)
            {
                broken = "A quote is opened and never closed.";
                break;
            }

            following.Add(next);
            length += next.Length;
            cell.Append('\n');
            (place, broken) = Read(next, cells, Place.Quoted);
        }

        if (broken is null && length <= CsvLines.Longest) return new CsvRecord(number, cells);

        lines.Return(following);
        return new CsvRecord(number, [], broken ?? "The row is too long.");
    }

    private (Place Place, string? Broken) Read(string line, List<string> cells, Place place)
    {
        for (var i = 0; i < line.Length; i++)
        {
            var character = line[i];
            switch (place)
            {
                case Place.Quoted when character != '"':
                    cell.Append(character);
                    break;
                case Place.Quoted when i + 1 < line.Length && line[i + 1] == '"':
                    cell.Append('"');
                    i++;
                    break;
                case Place.Quoted:
                    place = Place.Closed;
                    break;
                case not Place.Quoted when character == delimiter:
                    End(cells);
                    place = Place.Start;
                    break;
                case Place.Start when character == '"':
                    cell.Clear();
                    place = Place.Quoted;
                    break;
                case Place.Closed when character != ' ':
                    return (place, "Text follows a closing quote; quotes within a quoted field must be doubled.");
                case Place.Closed:
                    break;
                default:
                    // Blanks may stand before an opening quote; a quote later in a cell is a letter like any other.
                    cell.Append(character);
                    if (character != ' ') place = Place.Plain;
                    break;
            }
        }

        if (place != Place.Quoted) End(cells);
        return (place, null);
    }

    private void End(List<string> cells)
    {
        cells.Add(cell.ToString());
        cell.Clear();
    }
}
