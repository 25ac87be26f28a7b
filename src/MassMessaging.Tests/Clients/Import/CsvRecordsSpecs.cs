using System.Text;
using CsvHelper;
using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Clients.Import;

namespace MassMessaging.Tests.Clients.Import;

public sealed class CsvRecordsSpecs
{
    [Fact]
    public void Sound_files_are_read_as_CsvHelper_wrote_them() => Prop.ForAll(Tables(), table =>
    {
        foreach (var delimiter in ";,\t|")
            Assert.Equal(table, Read(Written(table, delimiter), delimiter).Select(record => record.Cells.ToArray()));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [InlineData("a;b\nc;d")]
    [InlineData("a;b\r\nc;d\r\n")]
    [InlineData("a;b\rc;d\r")]
    [InlineData("\n\na;b\n\nc;d\n\n")]
    public void Lines_end_in_any_way_and_empty_ones_are_no_records(string text) =>
        Assert.Equal([["a", "b"], ["c", "d"]], Read(text, ';').Select(record => record.Cells.ToArray()));

    [Fact]
    public void A_quoted_field_goes_over_lines() =>
        Assert.Equal(["a\nb \"c\"", "d;e"], Read("\"a\r\nb \"\"c\"\"\"; \"d;e\" ", ';').Single().Cells);

    [Fact]
    public void A_quote_within_an_unquoted_field_is_a_letter() => Assert.Equal(["5\" pipe", "x"], Read("5\" pipe;x", ';').Single().Cells);

    [Fact]
    public void A_quote_that_is_never_closed_breaks_one_row_only()
    {
        var records = Read("h1;h2\n1;a\n2;\"b\n3;\"c; d\"\n4;e\n", ';');

        Assert.Equal([0, 1, 2, 3, 4], records.Select(record => record.Number));
        Assert.Equal([2], records.Where(record => record.Broken is not null).Select(record => record.Number));
        Assert.Equal(["3", "c; d"], records[3].Cells);
    }

    [Fact]
    public void A_quote_that_is_never_closed_at_the_end_breaks_the_last_row() =>
        Assert.Equal([null, "A quote is opened and never closed."], Read("1;a\n2;\"b\n", ';').Select(record => record.Broken));

    [Fact]
    public void Text_behind_a_closing_quote_breaks_the_row() =>
        Assert.Equal([true, false], Read("\"Juan \"Leo\" Pérez\";1\nAna;2", ';').Select(record => record.Broken is not null));

    [Fact]
    public void A_line_without_end_is_a_broken_row_and_not_kept_in_memory()
    {
        var records = Read($"a;{new string('x', 5_000_000)}\nb;c", ';');

        Assert.NotNull(records[0].Broken);
        Assert.Equal(["b", "c"], records[1].Cells);
    }

    private static List<CsvRecord> Read(string text, char delimiter)
    {
        var records = new CsvRecords(new StringReader(text), delimiter);
        var all = new List<CsvRecord>();
        while (records.Next() is { } record) all.Add(record);
        return all;
    }

    private static string Written(string[][] table, char delimiter)
    {
        using var bytes = new MemoryStream();
        using (var writer = CsvWriter.Create(bytes, new CsvWriterOptions { Separator = delimiter, ValidateFieldCount = false }, true))
        {
            foreach (var row in table)
            {
                foreach (var cell in row) writer.WriteField(cell);
                writer.EndRecord();
            }
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static Arbitrary<string[][]> Tables()
    {
        var cell = Gen.Elements("a", "é", ";", ",", "\"", "\t", "|", "\n", " ", "=1+1", "🌸").ArrayOf().Select(string.Concat);
        var row = Gen.Choose(2, 4).SelectMany(cell.ArrayOf);
        return Gen.Choose(1, 6).SelectMany(row.ArrayOf).ToArbitrary();
    }
}
