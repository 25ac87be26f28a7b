using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Campaigns;
using MassMessaging.Clients.Import;
using MassMessaging.Http;

namespace MassMessaging.Tests.Http;

public sealed class CsvSpecs
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1+1", "'+1+1")]
    [InlineData("-2+3", "'-2+3")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("  =1", "'  =1")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("\rAna", "\"'\rAna\"")]
    [InlineData("＝1", "'＝1")]
    [InlineData("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"")]
    [InlineData("-", "'-")]
    public void A_formula_is_not_run(string text, string cell) => Assert.Equal(cell, Csv.Cell(text));

    [Theory]
    [InlineData("+525512345671")]
    [InlineData("-12.5")]
    [InlineData("Núria 🌸")]
    [InlineData("a@b.mx")]
    [InlineData("")]
    public void Numbers_and_plain_text_stay_as_they_are(string text) => Assert.Equal(text, Csv.Cell(text));

    [Theory]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a;b", "\"a;b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("a\nb", "\"a\nb\"")]
    [InlineData("a ", "\"a \"")]
    public void What_would_break_the_record_is_quoted(string text, string cell) => Assert.Equal(cell, Csv.Cell(text));

    [Fact]
    public void Times_are_utc_words_as_in_json_and_null_is_empty() => Assert.Equal(
        "2026-03-01T10:00:00.5Z,in_doubt,,7\r\n",
        Csv.Line([new DateTimeOffset(2026, 3, 1, 12, 0, 0, 500, TimeSpan.FromHours(2)), MemberStatus.InDoubt, null, 7L]));

    [Fact]
    public void A_number_that_is_a_text_stays_one_in_a_spreadsheet() =>
        Assert.Equal("'+525512345671", Csv.Cell(new Csv.Digits("+525512345671")));

    [Fact]
    public void Every_cell_is_read_back_as_it_was() => Prop.ForAll(
        Gen.Elements("=", "+", "-", "@", "'", "＝", "\t", " ", "1", "a", ",", "\"", ";", "ñ").ListOf().Select(string.Concat).ToArbitrary(),
        text =>
        {
            var cell = Csv.Cell(text);
            var read = new CsvRecords(new StringReader($"{cell},end"), ',').Next()!.Cells[0];
            return Csv.Plain(read) == text;
        }).QuickCheckThrowOnFailure();
}
