using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using MassMessaging.Http;

namespace MassMessaging.Clients.Import;

public static partial class ImportClientsEndpoint
{
    public static void Map(IEndpointRouteBuilder clients)
    {
        clients.MapPost("/import", Post)
            .Documented(
                "importClients", "Imports a CSV file; bad rows are reported and left out.",
                "csv-empty", "column-missing", "import-running", "body-too-large", "unsupported-media-type")
            .Asks("dryRun", "true: only says what would become of the rows.")
            .Asks("onExisting", "What becomes of a client who is there already: fill (only empty fields; the default), skip, overwrite.")
            .Asks("map", "Columns by their headers, as name:Nombre,phone:Celular.")
            .WithMetadata(new BodyShape(typeof(string), "text/csv"))
            .AnyBodySize()
            .Produces<ImportReport>();

        static async Task<IResult> Post(Query query, Caller caller, ClientImport import, HttpRequest request, CancellationToken ct)
        {
            if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
                || !string.Equals(type.MediaType, "text/csv", StringComparison.OrdinalIgnoreCase))
                return Problems.OfStatus(StatusCodes.Status415UnsupportedMediaType);

            var options = new ImportOptions(
                query.Flag("dryRun") ?? false, query.OneOf<OnExisting>("onExisting") ?? OnExisting.Fill, Map(query));
            return query.AreWrong
                ? query.Problem()
                : TypedResults.Ok(await import.Run(caller.ProfileId, request.Body, options, caller.Origin, ct));
        }
    }

    private static Dictionary<ImportField, string> Map(Query query)
    {
        var map = new Dictionary<ImportField, string>();
        var text = query.Text("map", 2000);
        if (text is null) return map;

        // A header may hold commas: an entry ends where the next begins.
        var entries = Entry().Matches(text);
        foreach (Match entry in entries)
            map[Enum.Parse<ImportField>(entry.Groups["field"].Value, ignoreCase: true)] = entry.Groups["header"].Value.Trim();
        if (entries.Sum(entry => entry.Length) != text.Length || map.ContainsValue(""))
            query.Wrong("map", "must be like name:Nombre,phone:Celular, with the fields name, phone, email, label and note");
        return map;
    }

    [GeneratedRegex(@"(^|,)\s*(?<field>name|phone|email|label|note)\s*:(?<header>.*?)(?=$|,\s*(name|phone|email|label|note)\s*:)",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Entry();
}
