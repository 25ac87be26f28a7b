using System.Globalization;
using System.Text.RegularExpressions;
using MassMessaging.Clients.Import;
using MassMessaging.Demo;
using MassMessaging.Kernel;

namespace MassMessaging.Tests.Clients.Import;

public sealed partial class SampleClientsSpecs(ClientDatabase database) : IClassFixture<ClientDatabase>
{
    [Fact]
    public async Task The_sample_gives_the_figures_that_its_page_states()
    {
        var profile = await database.Profile();

        var report = await Import(profile);

        Assert.Equal((1000, 939, 0, 0, 61), (report.Rows, report.Created, report.Updated, report.Unchanged, report.Failed));
        Assert.Equal(
            ["duplicate-in-file 24", "email-invalid 11", "name-required 7", "phone-invalid 18", "phone-required 1"],
            report.Errors.GroupBy(error => error.Code).Select(group => $"{group.Key} {group.Count()}").Order(StringComparer.Ordinal));
        Assert.Equal(Stated(), Rows(report));
        Assert.Equal(["afiliado 276 210", "consumidor 394 297", "prospecto 269 205"], await database.Store.Query(
            """
            select label || ' ' || count(*) || ' ' || count(note.client_id) from client
            left join (select distinct client_id from client_note) as note on note.client_id = client.id
            where profile_id = @profile group by label order by label
            """,
            row => row.GetString(0), default, ("profile", profile)));
    }

    [Fact]
    public async Task The_sample_imported_again_changes_nothing()
    {
        var profile = await database.Profile();
        await Import(profile);

        var again = await Import(profile);

        Assert.Equal((1000, 0, 0, 939, 61), (again.Rows, again.Created, again.Updated, again.Unchanged, again.Failed));
    }

    private static Dictionary<string, int> Rows(ImportReport report)
    {
        var rows = report.Errors.GroupBy(error => $"`{error.Code}`").ToDictionary(group => group.Key, group => group.Count());
        (rows["in the file"], rows["created"], rows["updated"]) = (report.Rows, report.Created, report.Updated);
        (rows["unchanged"], rows["failed"]) = (report.Unchanged, report.Failed);
        return rows;
    }

    /// <summary>The tables of docs/sample-data.md.</summary>
    private static Dictionary<string, int> Stated()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MassMessaging.sln"))) folder = folder.Parent!;
        return TableRow().Matches(File.ReadAllText(Path.Combine(folder.FullName, "docs", "sample-data.md")))
            .ToDictionary(row => row.Groups["what"].Value, row => int.Parse(row.Groups["rows"].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^\| (?<what>[^|]+) \| (?<rows>\d+) \|", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex TableRow();

    private async Task<ImportReport> Import(Guid profile)
    {
        await using var csv = SampleClients.Open();
        return await database.Import.Run(profile, csv, new ImportOptions(), Origin.System, default);
    }
}
