using System.Text;
using MassMessaging.Clients.Import;
using MassMessaging.Http;

namespace MassMessaging.Tests.Clients.Import;

public sealed class CsvFileSpecs
{
    private const string Text = "Nombre;Celular\nJosé Peña;5512345678\n";

    public static TheoryData<string> Encodings => ["utf-8", "utf-8 with mark", "latin-1", "windows-1252", "utf-16"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task The_encoding_is_found(string encoding) => Assert.Equal("José Peña", (await First(Encoded(encoding, Text)))[0]);

    [Fact]
    public async Task Windows_1252_is_told_though_its_first_letter_beyond_ascii_comes_late()
    {
        var plain = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"Ana {i};55{i:D8}\n"));
        var text = $"Nombre;Celular\n{plain}Peña “Leo” €;5512345678\n";

        await using var spool = await SpooledCsv.Spool(new MemoryStream(Encoded("windows-1252", text)), default);

        Assert.Equal("Peña “Leo” €", CsvFile.Understand(spool, new Dictionary<ImportField, string>()).Records().Last().Cells[0]);
    }

    [Fact]
    public async Task A_letter_cut_by_the_edge_of_a_read_is_still_UTF_8()
    {
        var bytes = Encoding.UTF8.GetBytes(Text);

        Assert.Equal("José Peña", (await First(new OneByteAtATime(bytes)))[0]);
    }

    [Theory]
    [InlineData(';')]
    [InlineData(',')]
    [InlineData('\t')]
    [InlineData('|')]
    [InlineData('^')]
    [InlineData('~')]
    public async Task Any_delimiter_is_found(char delimiter) =>
        Assert.Equal(["Pérez, Ana; la de «Bar|Sol»", "5512345678"], await First(
            Encoding.UTF8.GetBytes($"""
                "Nombre, o alias; si hay"{delimiter}Celular
                "Pérez, Ana; la de «Bar|Sol»"{delimiter}5512345678
                """)));

    [Fact]
    public async Task A_spreadsheets_line_that_names_the_delimiter_is_no_header()
    {
        await using var spool = await SpooledCsv.Spool(new MemoryStream(Encoding.UTF8.GetBytes("sep=;\n" + Text)), default);
        var file = CsvFile.Understand(spool, new Dictionary<ImportField, string>());

        Assert.Equal((1, "José Peña"), (file.Records().Single().Number, file.Records().Single().Cells[0]));
    }

    [Theory]
    [InlineData("", "csv-empty")]
    [InlineData("\r\n\r\n", "csv-empty")]
    [InlineData("Nombre;Correo\nAna;a@b.mx", "column-missing")]
    [InlineData("Celular\n5512345678", "column-missing")]
    [InlineData("\u0000\u0001\u0002", "column-missing")]
    public async Task A_file_without_a_usable_header_is_refused(string text, string code)
    {
        await using var spool = await SpooledCsv.Spool(new MemoryStream(Encoding.UTF8.GetBytes(text)), default);

        var refused = Assert.Throws<ProblemException>(() => CsvFile.Understand(spool, new Dictionary<ImportField, string>()));

        Assert.Equal((400, code), (refused.Problem.Status, refused.Problem.Code));
    }

    private static Task<string[]> First(byte[] bytes) => First(new MemoryStream(bytes));

    private static async Task<string[]> First(Stream stream)
    {
        await using var spool = await SpooledCsv.Spool(stream, default);
        return [.. CsvFile.Understand(spool, new Dictionary<ImportField, string>()).Records().First().Cells];
    }

    private static byte[] Encoded(string encoding, string text) => encoding switch
    {
        "utf-8" => Encoding.UTF8.GetBytes(text),
        "utf-8 with mark" => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)],
        "latin-1" => Encoding.Latin1.GetBytes(text),
        "utf-16" => [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)],
        _ => CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(text),
    };

    private sealed class OneByteAtATime(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..1], cancellationToken);
    }
}
