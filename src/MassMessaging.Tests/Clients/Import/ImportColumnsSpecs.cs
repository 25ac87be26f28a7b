using MassMessaging.Clients.Import;

namespace MassMessaging.Tests.Clients.Import;

public sealed class ImportColumnsSpecs
{
    private static readonly Dictionary<ImportField, string> noMap = [];

    [Theory]
    [InlineData("Nombre;Celular;Correo;Etiqueta;Nota")]
    [InlineData("NOMBRE COMPLETO;Número de teléfono;Correo electrónico;Tipo de cliente;Observaciones")]
    [InlineData("Nome;Telemóvel;E-mail;Categoria;Anotações")]
    [InlineData("Full name;Phone number;E-mail address;Label;Notes")]
    [InlineData("Nombre del cliente;WhatsApp del cliente;Correo del cliente;Etiqueta del cliente;Comentarios del cliente")]
    public void Headers_are_matched_by_meaning(string header)
    {
        var columns = ImportColumns.Match(header.Split(';'), noMap);

        Assert.Equal(
            [(ImportField.Name, 0), (ImportField.Phone, 1), (ImportField.Email, 2), (ImportField.Label, 3), (ImportField.Note, 4)],
            columns.Of.OrderBy(column => column.Value).Select(column => (column.Key, column.Value)));
    }

    [Fact]
    public void A_mobile_number_is_preferred_to_any_number() =>
        Assert.Equal(2, ImportColumns.Match(["Nombre", "Teléfono", "Celular"], noMap).Of[ImportField.Phone]);

    [Fact]
    public void A_surname_belongs_to_a_first_name_and_not_to_a_full_one()
    {
        Assert.True(ImportColumns.Match(["Nombre", "Apellidos", "Celular"], noMap).Has(ImportField.Surname));
        Assert.False(ImportColumns.Match(["Nombre completo", "Apellidos", "Celular"], noMap).Has(ImportField.Surname));
        Assert.False(ImportColumns.Match(["Full name", "Last name", "Phone"], noMap).Has(ImportField.Surname));
    }

    [Fact]
    public void A_map_wins_over_meaning()
    {
        var columns = ImportColumns.Match(["Nombre", "Alias", "Celular"], NameIs("alias"));

        Assert.Equal(1, columns.Of[ImportField.Name]);
        Assert.Equal(2, columns.Of[ImportField.Phone]);
    }

    [Fact]
    public void A_mapped_header_that_is_not_there_is_told() =>
        Assert.Equal(["Mote"], ImportColumns.Match(["Nombre", "Celular"], NameIs("Mote")).Unknown);

    private static Dictionary<ImportField, string> NameIs(string header) => new() { [ImportField.Name] = header };
}
