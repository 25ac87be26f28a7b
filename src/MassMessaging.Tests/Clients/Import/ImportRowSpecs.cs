using MassMessaging.Clients;
using MassMessaging.Clients.Import;

namespace MassMessaging.Tests.Clients.Import;

public sealed class ImportRowSpecs
{
    private static readonly ImportColumns columns = ImportColumns.Match(
        ["Nombre", "Celular", "Correo", "Etiqueta", "Nota"], new Dictionary<ImportField, string>());

    [Fact]
    public void A_row_is_cleaned_and_its_phone_canonical() => Assert.Equal(
        new ImportRow(1, "Ana María Pérez", "+525512345678", "ana@example.com", ClientLabel.Afiliado, "llamar\nantes"),
        Read("  Ana\nMaría  Pérez ", "55 1234 5678", " ana@example.com ", "AFILIADA", " llamar\nantes ").Row);

    [Theory]
    [InlineData("'+52 55 1234 5678")]
    [InlineData("5512345678.0")]
    public void What_spreadsheets_do_to_numbers_is_undone(string phone) => Assert.Equal("+525512345678", Read("Ana", phone).Row?.Phone);

    [Fact]
    public void A_name_that_looks_like_a_formula_is_a_name() =>
        Assert.Equal("=HYPERLINK(\"x\",\"y\")", Read("=HYPERLINK(\"x\",\"y\")", "5512345678").Row?.Name);

    [Theory]
    [InlineData("consumidora", ClientLabel.Consumidor)]
    [InlineData(" Prospecta", ClientLabel.Prospecto)]
    [InlineData("AFILIADO", ClientLabel.Afiliado)]
    [InlineData("", null)]
    public void Labels_are_read_without_regard_to_case_or_gender(string written, ClientLabel? label) =>
        Assert.Equal(label, Read("Ana", "5512345678", label: written).Row!.Label);

    [Fact]
    public void Everything_wrong_with_a_row_is_told() => Assert.Equal(
        ["name name-required", "phone phone-invalid", "email email-invalid", "label label-unknown", "note note-too-long"],
        Read(" ", "1e10", "no-es-correo", "vip", new string('x', 4001)).Errors.Select(error => $"{error.Field} {error.Code}"));

    [Theory]
    [InlineData("Ana", "", "phone-required")]
    [InlineData("Ana\0", "5512345678", "row-broken")]
    public void A_row_that_cannot_be_written_is_refused(string name, string phone, string code) =>
        Assert.Equal(code, Read(name, phone).Errors.Single().Code);

    [Fact]
    public void A_delimiter_within_an_unquoted_field_breaks_the_row() =>
        Assert.Equal("row-broken", Read(["Ana", "5512345678", "", "", "té", "café"]).Errors.Single().Code);

    [Fact]
    public void Cells_may_be_missing_at_the_end() => Assert.Equal("+525512345678", Read(["Ana", "5512345678"]).Row?.Phone);

    private static (ImportRow? Row, List<ImportError> Errors) Read(
        string name, string phone, string email = "", string label = "", string note = "") =>
        Read([name, phone, email, label, note]);

    private static (ImportRow? Row, List<ImportError> Errors) Read(string[] cells)
    {
        var errors = new List<ImportError>();
        return (ImportRowReader.Read(new CsvRecord(1, cells), columns, "MX", errors.Add), errors);
    }
}
