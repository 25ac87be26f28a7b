using System.Text;
using MassMessaging.Clients;
using MassMessaging.Clients.Import;
using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Clients.Import;

public sealed class ClientImportSpecs(ClientDatabase database) : IClassFixture<ClientDatabase>
{
    private const string ThreeClients = """
        Nombre;Celular;Correo;Etiqueta;Nota
        Ana;5512345671;ana@example.com;afiliada;llamar
        Beto;5512345672;;;
        Cora;5512345673;;prospecto;

        """;

    [Fact]
    public async Task Valid_rows_become_clients()
    {
        var profile = await database.Profile();

        Assert.Equal((3, 3, 0, 0, 0), Figures(await Import(profile, ThreeClients)));
        Assert.Equal(
            ["Ana|+525512345671|ana@example.com|afiliado|llamar", "Beto|+525512345672||consumidor|", "Cora|+525512345673||prospecto|"],
            await Clients(profile));
    }

    [Fact]
    public async Task Bad_rows_are_reported_and_left_out()
    {
        var profile = await database.Profile();

        var report = await Import(
            profile,
            """
            Nombre;Celular;Correo;Etiqueta
            Ana;5512345671
            ;1e10;no;vip
            "Beto;5512345672
            Cora;5512345673
            Dora;+52 1 55 1234 5671
            """);

        Assert.Equal((5, 2, 0, 0, 3), Figures(report));
        Assert.Equal(
            ["2 name name-required", "2 phone phone-invalid", "2 email email-invalid", "2 label label-unknown",
                "3  row-broken", "5 phone duplicate-in-file"],
            report.Errors.Select(error => $"{error.Row} {error.Field} {error.Code}"));
    }

    [Fact]
    public async Task A_phone_of_a_failed_row_is_not_taken() =>
        Assert.Equal((2, 1, 0, 0, 1), Figures(await Import(await database.Profile(), "Nombre;Celular\n;5512345671\nAna;5512345671\n")));

    [Theory]
    [InlineData(OnExisting.Fill)]
    [InlineData(OnExisting.Skip)]
    [InlineData(OnExisting.Overwrite)]
    public async Task A_dry_run_answers_the_figures_and_writes_nothing(OnExisting onExisting)
    {
        var profile = await database.Profile();
        await Import(profile, ThreeClients);
        var before = await Clients(profile);
        const string next = "Nombre;Celular;Correo;Nota\nBeatriz;5512345672;b@example.com;nota\nDora;5512345674;;\nmal;1\n";

        var dry = await Import(profile, next, new ImportOptions(DryRun: true, onExisting));

        Assert.Equal(before, await Clients(profile));
        Assert.Equal(Figures(dry), Figures(await Import(profile, next, new ImportOptions(false, onExisting))));
    }

    [Fact]
    public async Task Importing_again_changes_nothing()
    {
        var profile = await database.Profile();
        await Import(profile, ThreeClients);
        var before = await Clients(profile);

        Assert.Equal((3, 0, 0, 3, 0), Figures(await Import(profile, ThreeClients)));
        Assert.Equal((3, 0, 0, 3, 0), Figures(await Import(profile, ThreeClients, new ImportOptions(false, OnExisting.Overwrite))));
        Assert.Equal(before, await Clients(profile));
    }

    [Theory]
    [InlineData(OnExisting.Fill, "Ana|+525512345671|ana@example.com|afiliado|llamar,otra",
        "Beto|+525512345672|beto@example.com|consumidor|", 2)]
    [InlineData(OnExisting.Skip, "Ana|+525512345671|ana@example.com|afiliado|llamar", "Beto|+525512345672||consumidor|", 0)]
    [InlineData(OnExisting.Overwrite, "Ana María|+525512345671|am@example.com|afiliado|llamar,otra",
        "Alberto|+525512345672|beto@example.com|prospecto|", 2)]
    public async Task An_existing_client_is_filled_skipped_or_overwritten(OnExisting onExisting, string ana, string beto, int updated)
    {
        var profile = await database.Profile();
        await Import(profile, ThreeClients);

        var report = await Import(
            profile,
            """
            name,mobile,email,label,notes
            Ana María,+52 55 1234 5671,am@example.com,,otra
            Alberto,+52 55 1234 5672,beto@example.com,PROSPECTO,
            """,
            new ImportOptions(false, onExisting));

        Assert.Equal((2, 0, updated, 2 - updated, 0), Figures(report));
        Assert.Equal([ana, beto], (await Clients(profile)).Take(2));
    }

    [Fact]
    public async Task A_map_names_the_columns()
    {
        var profile = await database.Profile();
        var map = new Dictionary<ImportField, string> { [ImportField.Name] = "Apodo", [ImportField.Phone] = "Línea 2" };

        await Import(profile, "Nombre;Apodo;Línea 2\nAnastasia;Ana;5512345671\n", new ImportOptions(Map: map));

        Assert.Equal(["Ana|+525512345671||consumidor|"], await Clients(profile));
    }

    [Fact]
    public async Task At_most_1000_errors_are_listed_and_all_are_counted()
    {
        var rows = string.Concat(Enumerable.Range(0, 2500).Select(i => $"Ana {i};{i}\n"));

        var report = await Import(await database.Profile(), "Nombre;Celular\n" + rows);

        Assert.Equal((2500, 0, 0, 0, 2500), Figures(report));
        Assert.Equal(1000, report.Errors.Count);
    }

    [Fact]
    public async Task Two_profiles_never_touch_each_others_clients()
    {
        var (mine, yours) = (await database.Profile(), await database.Profile());
        await Import(mine, ThreeClients);
        var before = await Clients(mine);

        var report = await Import(yours, "Nombre;Celular\nOtra;5512345671\n", new ImportOptions(false, OnExisting.Overwrite));

        Assert.Equal((1, 1, 0, 0, 0), Figures(report));
        Assert.Equal(before, await Clients(mine));
    }

    [Fact]
    public async Task A_second_import_at_the_same_time_is_refused()
    {
        var profile = await database.Profile();
        await using var other = database.Store.Open(Origin.System);
        await other.Query(ClientImport.Lock, row => row.GetBoolean(0), default, ("profile", profile));

        var refused = await Assert.ThrowsAsync<ProblemException>(() => Import(profile, ThreeClients));

        Assert.Equal((409, "import-running"), (refused.Problem.Status, refused.Problem.Code));
    }

    [Fact]
    public async Task A_client_that_someone_creates_meanwhile_exists_like_any_other()
    {
        var profile = await database.Profile();
        await using var other = database.Store.Open(Origin.System);
        await database.NewClients.Add(other, profile, [new("Ana", "+525512345671", null, ClientLabel.Consumidor)], default);

        var import = Import(profile, ThreeClients);
        await Eventually.True(
            async () => await database.Value<long>("select count(*) from pg_locks where not granted and locktype = 'transactionid'") > 0,
            TimeSpan.FromSeconds(20), "the import waits for the other session");
        await other.Commit(default);

        Assert.Equal((3, 2, 1, 0, 0), Figures(await import));
    }

    private static (int Rows, int Created, int Updated, int Unchanged, int Failed) Figures(ImportReport report) =>
        (report.Rows, report.Created, report.Updated, report.Unchanged, report.Failed);

    private Task<ImportReport> Import(Guid profile, string csv, ImportOptions? options = null) =>
        database.Import.Run(profile, new MemoryStream(Encoding.UTF8.GetBytes(csv)), options ?? new ImportOptions(), Origin.System, default);

    private Task<List<string>> Clients(Guid profile) => database.Store.Query(
        """
        select concat_ws('|', name, phone, coalesce(email, ''), label, (
            select coalesce(string_agg(note, ',' order by note), '') from client_note where client_id = client.id))
        from client where profile_id = @profile order by phone
        """,
        row => row.GetString(0), default, ("profile", profile));
}
