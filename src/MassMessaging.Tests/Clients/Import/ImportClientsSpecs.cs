using System.Net;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Clients.Import;

public sealed class ImportClientsSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string Csv = "Nombre;Celular;Nota\nAna;5512345671;llamar\nmal;1;\n";

    [Fact]
    public async Task An_import_answers_its_figures_and_its_errors()
    {
        var clients = await Advisor();

        var (status, report) = await clients.Import(Csv, "", "text/csv; charset=utf-8");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            """{"rows":2,"created":1,"updated":0,"unchanged":0,"failed":1,"errors":[{"row":2,"field":"phone","code":"phone-invalid",""" +
            """ "message":"Not a phone number with a known calling code and the right number of digits."}]}""".TrimStart(),
            report.GetRawText());
        Assert.Equal(["Ana"], await clients.Names());
    }

    [Fact]
    public async Task A_dry_run_writes_nothing()
    {
        var clients = await Advisor();

        var (_, report) = await clients.Import(Csv, "?dryRun=true");

        Assert.Equal(1, report.GetProperty("created").GetInt32());
        Assert.Empty(await clients.Names());
    }

    [Fact]
    public async Task A_map_and_a_choice_for_existing_clients_are_taken_from_the_query()
    {
        var clients = await Advisor();
        await clients.Import("Nombre;Celular\nAna;5512345671\n");

        await clients.Import(
            "Apodo, si hay|Línea|Celular\nAnita|5512345671|0\n",
            $"?onExisting=overwrite&map={Uri.EscapeDataString("name:Apodo, si hay,phone:línea")}");

        Assert.Equal(["Anita"], await clients.Names());
    }

    [Theory]
    [InlineData("?onExisting=replace", "onExisting")]
    [InlineData("?dryRun=maybe", "dryRun")]
    [InlineData("?map=nombre:Apodo", "map")]
    [InlineData("?map=name:", "map")]
    [InlineData("?map=Apodo", "map")]
    public async Task A_wrong_option_is_refused_by_name(string query, string field)
    {
        var (status, problem) = await (await Advisor()).Import(Csv, query);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    [Theory]
    [InlineData("", "", "csv-empty", "")]
    [InlineData("Correo;Nota\na@b.mx;x\n", "", "column-missing", "name,phone")]
    [InlineData("Nombre;Celular\nAna;1\n", "?map=phone:Móvil", "column-missing", "map,phone")]
    public async Task A_file_without_the_columns_it_needs_is_refused(string csv, string query, string code, string fields)
    {
        var (status, problem) = await (await Advisor()).Import(csv, query);

        Assert.Equal((HttpStatusCode.BadRequest, code), (status, problem.GetProperty("code").GetString()));
        var named = problem.TryGetProperty("errors", out var errors) ? errors.EnumerateObject().Select(error => error.Name) : [];
        Assert.Equal(fields, string.Join(',', named.Order()));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    public async Task Anything_but_csv_is_an_unsupported_media_type(string type)
    {
        var (status, problem) = await (await Advisor()).Import(Csv, "", type);

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "unsupported-media-type"), (status, problem.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_file_may_be_larger_than_other_bodies()
    {
        var note = new string('n', 3900);
        var rows = string.Concat(Enumerable.Range(0, 400).Select(i => $"Ana;55{i:D8};{note}\n"));

        var (status, report) = await (await Advisor()).Import("Nombre;Celular;Nota\n" + rows);

        Assert.Equal((HttpStatusCode.OK, 400), (status, report.GetProperty("created").GetInt32()));
    }

    [Fact]
    public async Task The_note_column_becomes_a_note()
    {
        var clients = await Advisor();
        await clients.Import(Csv);
        await clients.Import(Csv);
        var id = (await clients.Get()).Body[0].GetProperty("id").GetString();

        var (_, notes) = await clients.Get($"/{id}/notes");

        Assert.Equal("llamar", Assert.Single(notes.EnumerateArray().Select(note => note.GetProperty("note").GetString())));
    }

    private async Task<ClientsApi> Advisor() => new(await app.Client());
}
