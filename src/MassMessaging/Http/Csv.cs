using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MassMessaging.Http;

/// <summary>
/// Writes CSV as RFC 4180 has it, with commas, line ends of CRLF and a byte order mark, without which spreadsheets take accents for Latin-1.
/// A cell that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection); a plain number, as a phone with its
/// plus sign is one, does not.
/// </summary>
public static partial class Csv
{
    private static readonly SearchValues<char> toQuote = SearchValues.Create(",;\"\r\n\t");

    /// <summary>A number that is a text, as a phone is one: without an apostrophe spreadsheets show, and save, 5.25512E+11.</summary>
    public sealed record Digits(string Text);

    /// <summary>One cell, safe and quoted where it must be; null is empty. <see cref="Plain"/> reads it back.</summary>
    public static string Cell(object? value)
    {
        var text = value switch
        {
            null => "",
            Digits digits => digits.Text,
            DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture),
            Enum word => JsonNamingPolicy.SnakeCaseLower.ConvertName(word.ToString()),
            _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        };
        if (value is Digits || IsFormula(text) || Plain(text) != text) text = "'" + text;
        return text.AsSpan().ContainsAny(toQuote) || text != text.Trim() ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }

    /// <summary>A cell's text without the apostrophe that keeps spreadsheets from running it.</summary>
    public static string Plain(string cell) => cell is ['\'', .. var rest] && StartsFormula(rest.TrimStart('\'')) ? rest : cell;

    /// <summary>One record with its line end.</summary>
    public static string Line(IEnumerable<object?> cells) => string.Join(',', cells.Select(Cell)) + "\r\n";

    /// <summary>Answers a file, page by page as it is read: memory does not grow with it.</summary>
    /// <param name="fileName">ASCII, such as <c>clients.csv</c>.</param>
    /// <param name="header">The names of the columns.</param>
    /// <param name="pages">
    /// The records, some at a time; the first is read before anything is written, so that its failure is a problem.
    /// </param>
    public static IResult File(string fileName, IReadOnlyList<string> header, IAsyncEnumerable<IReadOnlyList<object?[]>> pages) =>
        new CsvFileResult(fileName, header, pages);

    private static bool IsFormula(string text) => StartsFormula(text) && !Number().IsMatch(text);

    /// <summary>Spreadsheets look past blanks, and take the full-width signs as well.</summary>
    private static bool StartsFormula(string text) => text.Length > 0
        && (text[0] is '\t' or '\r' or '\n' || (text.TrimStart() is [var first, ..] && "=+-@＝＋－＠".Contains(first, StringComparison.Ordinal)));

    [GeneratedRegex(@"^[+-]?[0-9]+(\.[0-9]+)?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Number();

    private sealed class CsvFileResult(string fileName, IReadOnlyList<string> header, IAsyncEnumerable<IReadOnlyList<object?[]>> pages) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (response, ct) = (httpContext.Response, httpContext.RequestAborted);
            var lines = new StringBuilder("\uFEFF").Append(Line(header));
            await using var page = pages.GetAsyncEnumerator(ct);
            var more = await page.MoveNextAsync();
            response.ContentType = "text/csv; charset=utf-8";
            response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
            for (; more; more = await page.MoveNextAsync())
            {
                foreach (var record in page.Current) lines.Append(Line(record));
                await response.WriteAsync(lines.ToString(), ct);
                lines.Clear();
            }

            await response.WriteAsync(lines.ToString(), ct);
        }
    }
}
