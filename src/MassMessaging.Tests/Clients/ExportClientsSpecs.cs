using System.Net;
using System.Text;
using MassMessaging.Clients.Import;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Clients;

public sealed class ExportClientsSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task All_clients_are_exported_as_a_file_that_spreadsheets_open()
    {
        var clients = await Advisor();
        await clients.Create("Ana; Pérez \"la grande\"", "5512345678", "ana@example.com", "prospecto");

        using var answer = await clients.GetResponse("/export");
        var bytes = await answer.Content.ReadAsByteArrayAsync();

        Assert.Equal("text/csv; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
        Assert.Equal("attachment; filename=\"clientes.csv\"", answer.Content.Headers.ContentDisposition?.ToString());
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        Assert.StartsWith(
            "Nombre,Teléfono,Correo,Etiqueta,Último envío,Baja,Alta\r\n"
            + "\"Ana; Pérez \"\"la grande\"\"\",'+525512345678,ana@example.com,prospecto,,,",
            Encoding.UTF8.GetString(bytes[3..]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=HYPERLINK(\"http://x\")")]
    [InlineData("+1+cmd|' /C calc'!A0")]
    [InlineData("-2+3")]
    [InlineData("@SUM(1)")]
    [InlineData("'=1+1")]
    [InlineData("''@a")]
    [InlineData("+525512345678")]
    [InlineData("Ana {nombre_cliente}, 👩‍👩‍👧 مرحبا")]
    public async Task No_name_runs_as_a_formula_and_importing_the_export_changes_nothing(string name)
    {
        var clients = await Advisor();
        var id = await clients.Create(name, "+5493514504000", "-a+b@example.com", "afiliado");
        var before = (await clients.Get($"/{id}")).Body.GetRawText();

        var csv = await Export(clients);
        var (_, report) = await clients.Import(csv, "?onExisting=overwrite");

        Assert.All(Cells(csv).Skip(1), cell => Assert.True(cell.Length == 0 || !"=@-\t\r".Contains(cell[0], StringComparison.Ordinal), cell));
        Assert.Equal((1, 0), (report.GetProperty("unchanged").GetInt32(), report.GetProperty("failed").GetInt32()));
        Assert.Equal(before, (await clients.Get($"/{id}")).Body.GetRawText());
    }

    [Fact]
    public async Task Nobody_exports_another_advisors_clients_and_nobody_at_all_without_signing_in()
    {
        await (await Advisor()).Create("Ana", "5512345678");

        Assert.Single((await Export(await Advisor())).Split("\r\n", StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(HttpStatusCode.Unauthorized, (await new ClientsApi(app.Anonymous()).GetResponse("/export")).StatusCode);
    }

    [Fact]
    public async Task Every_client_is_there_once_over_all_pages()
    {
        var clients = await Advisor();
        await clients.Import("Nombre;Celular\n" + string.Concat(Enumerable.Range(0, 4000).Select(i => $"Ana {i};55{i:D8}\n")));

        var names = Cells(await Export(clients)).Where(cell => cell.StartsWith("Ana ", StringComparison.Ordinal)).ToList();

        Assert.Equal((4000, 4000), (names.Count, names.Distinct().Count()));
    }

    private static IEnumerable<string> Cells(string csv)
    {
        var records = new CsvRecords(new StringReader(csv), ',');
        while (records.Next() is { } record)
        {
            foreach (var cell in record.Cells) yield return cell;
        }
    }

    private static async Task<string> Export(ClientsApi clients)
    {
        using var answer = await clients.GetResponse("/export");
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<ClientsApi> Advisor() => new(await app.Client());
}
