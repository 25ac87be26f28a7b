using System.Net;
using System.Text.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Clients;

public sealed class ClientsApiSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task A_client_is_created_with_its_phone_in_one_spelling_and_read_back()
    {
        var clients = await Advisor();

        var (status, created) = await clients.Post(
            new { name = " Ana  Pérez ", phone = "044 55 1234 5678", email = "ana@example.com", ignored = 1 });
        var (_, read) = await clients.Get($"/{created.GetProperty("id").GetString()}");

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(created.GetRawText(), read.GetRawText());
        Assert.Equal(
            ["id", "profileId", "healthSurveyId", "name", "phone", "email", "label", "lastContactAt", "optedOutAt", "createdAt",
                "updatedAt"],
            read.EnumerateObject().Select(field => field.Name));
        Assert.Equal("Ana Pérez +525512345678 ana@example.com consumidor", Text(read, "name", "phone", "email", "label"));
        Assert.Equal(JsonValueKind.Null, read.GetProperty("lastContactAt").ValueKind);
    }

    [Fact]
    public async Task Every_wrong_field_is_named()
    {
        var (status, problem) = await (await Advisor()).Post(
            new { name = " ", phone = "1e10", email = "no", label = "vip", consent = new { at = "yesterday" } });

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(
            ["consent.at", "consent.source", "email", "label", "name", "phone"],
            problem.GetProperty("errors").EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"name":"Ana"}""", "validation-failed", "phone")]
    [InlineData("""{"phone":"5512345678"}""", "validation-failed", "name")]
    [InlineData("""{"name":"Ana","phone":"12345"}""", "phone-invalid", "phone")]
    [InlineData("""{"name":"Ana","phone":5512345678}""", "validation-failed", "phone")]
    [InlineData("""{"name":"Ana","phone":"5512345678","email":"no-es-correo"}""", "email-invalid", "email")]
    [InlineData("""{"name":"Ana","phone":"5512345678","label":"Afiliado"}""", "validation-failed", "label")]
    [InlineData("""{"name":"A\u0000","phone":"5512345678"}""", "validation-failed", "name")]
    [InlineData("""{"name":"A","phone":"5512345678","consent":{"source":"x","at":"2999-01-01T00:00:00Z"}}""", "validation-failed",
        "consent.at")]
    public async Task A_wrong_field_is_refused_with_a_code(string body, string code, string field)
    {
        var (status, problem) = await (await Advisor()).Post(JsonSerializer.Deserialize<JsonElement>(body));

        Assert.Equal((HttpStatusCode.BadRequest, code), (status, problem.GetProperty("code").GetString()));
        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    [Fact]
    public async Task A_name_may_have_255_characters_and_no_more()
    {
        var clients = await Advisor();

        Assert.Equal(HttpStatusCode.Created, (await clients.Post(new { name = new string('á', 255), phone = "5512345678" })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await clients.Post(new { name = new string('á', 256), phone = "5512345679" })).Status);
    }

    [Fact]
    public async Task A_second_client_with_the_same_number_is_refused_however_it_is_spelled()
    {
        var clients = await Advisor();
        await clients.Create("Ana", "+52 1 55 1234 5678");

        var (status, problem) = await clients.Post(new { name = "Otra", phone = "5512345678" });

        Assert.Equal((HttpStatusCode.BadRequest, "client-exists"), (status, problem.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Consent_is_kept_with_its_proof()
    {
        var (_, client) = await (await Advisor()).Post(
            new { name = "Ana", phone = "5512345678", consent = new { source = "form", at = "2026-01-02T03:04:05Z" } });

        Assert.Equal("consent form 2026-01-02 03:04:05", await app.Database.Value<string>(
            $"""
            select kind || ' ' || source || ' ' || to_char(at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS')
            from mass_messaging.client_consent where client_id = '{client.GetProperty("id")}'
            """));
    }

    [Fact]
    public async Task Only_the_fields_that_are_given_change()
    {
        var clients = await Advisor();
        var id = await clients.Create("Ana", "5512345678", "ana@example.com", "prospecto");

        var (status, changed) = await clients.Put($"/{id}", new { name = "Ana María", phone = "8112345678" });
        var (_, cleared) = await clients.Put($"/{id}", new Dictionary<string, object?> { ["email"] = null, ["name"] = null });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("Ana María +528112345678 ana@example.com prospecto", Text(changed, "name", "phone", "email", "label"));
        Assert.Equal("Ana María +528112345678  prospecto", Text(cleared, "name", "phone", "email", "label"));
        Assert.Equal(["Ana María"], await clients.Names("?q=maria"));
    }

    [Fact]
    public async Task A_change_to_another_clients_number_is_refused_and_changes_nothing()
    {
        var clients = await Advisor();
        await clients.Create("Ana", "5512345678");
        var beto = await clients.Create("Beto", "5512345679");

        var (status, problem) = await clients.Put($"/{beto}", new { name = "Alberto", phone = "+52 1 55 1234 5678" });

        Assert.Equal((HttpStatusCode.BadRequest, "client-exists"), (status, problem.GetProperty("code").GetString()));
        Assert.Equal(["Beto", "Ana"], await clients.Names());
    }

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"phone":"12"}""", "phone")]
    [InlineData("""{"label":"vip"}""", "label")]
    [InlineData("""{"email":"no"}""", "email")]
    public async Task A_wrong_change_is_refused(string body, string field)
    {
        var clients = await Advisor();
        var id = await clients.Create("Ana", "5512345678");
        var (status, problem) = await clients.Put($"/{id}", JsonSerializer.Deserialize<JsonElement>(body));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(field, Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    [Fact]
    public async Task A_deleted_client_and_its_notes_are_gone()
    {
        var clients = await Advisor();
        var id = await clients.Create("Ana", "5512345678");
        await clients.Post(new { note = "llamar" }, $"/{id}/notes");

        Assert.Equal(HttpStatusCode.NoContent, (await clients.Delete($"/{id}")).Status);

        Assert.Equal(HttpStatusCode.NotFound, (await clients.Get($"/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await clients.Delete($"/{id}")).Status);
        Assert.Equal(0L, await app.Database.Value<long>($"select count(*) from mass_messaging.client_note where client_id = '{id}'"));
        await clients.Create("Ana otra vez", "5512345678");
    }

    [Fact]
    public async Task Notes_are_listed_newest_first()
    {
        var clients = await Advisor();
        var id = await clients.Create("Ana", "5512345678");

        var (status, first) = await clients.Post(new { note = "primera" }, $"/{id}/notes");
        for (var i = 2; i <= 3; i++) await clients.Post(new { note = $"nota {i}" }, $"/{id}/notes");
        var (_, notes) = await clients.Get($"/{id}/notes?limit=2");

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(["id", "clientId", "profileId", "note", "createdAt"], first.EnumerateObject().Select(field => field.Name));
        Assert.Equal(["nota 3", "nota 2"], notes.EnumerateArray().Select(note => note.GetProperty("note").GetString()));
        Assert.Equal(HttpStatusCode.BadRequest, (await clients.Post(new { note = " " }, $"/{id}/notes")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await clients.Post(new { note = new string('x', 4001) }, $"/{id}/notes")).Status);
    }

    [Fact]
    public async Task Nobody_reaches_another_advisors_clients()
    {
        var (mine, yours) = (await Advisor(), await Advisor());
        var id = await mine.Create("Ana", "5512345678");

        Assert.Equal(HttpStatusCode.NotFound, (await yours.Get($"/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await yours.Put($"/{id}", new { name = "Mía" })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await yours.Delete($"/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await yours.Get($"/{id}/notes")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await yours.Post(new { note = "x" }, $"/{id}/notes")).Status);
        Assert.Empty(await yours.Names("?q=ana"));
        await yours.Create("La misma", "5512345678");
        Assert.Equal(["Ana"], await mine.Names());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/label/afiliado")]
    [InlineData("/without-contact/3")]
    [InlineData("/0191d3c0-0000-7000-8000-000000000000")]
    [InlineData("/0191d3c0-0000-7000-8000-000000000000/notes")]
    public async Task Who_is_not_signed_in_gets_nothing(string path) =>
        Assert.Equal(HttpStatusCode.Unauthorized, (await new ClientsApi(app.Anonymous()).Get(path)).Status);

    private static string Text(JsonElement row, params string[] fields) =>
        string.Join(' ', fields.Select(field => row.GetProperty(field).GetString()));

    private async Task<ClientsApi> Advisor() => new(await app.Client());
}
