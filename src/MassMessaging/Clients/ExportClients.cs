using System.Runtime.CompilerServices;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Clients;

/// <summary>
/// <c>GET /api/clients/export</c>: all clients, oldest first, page by page, so that a slow reader holds no transaction. The headers are those
/// that the import knows: importing the file changes nothing. The name comes first: where a spreadsheet splits at semicolons, only a
/// quote that opens the line keeps one within a name from starting a cell.
/// </summary>
public static class ExportClientsEndpoint
{
    private const int PageSize = 2000;

    private const string OnePage = Client.Select + """
        where client.profile_id = @profile and (@after::uuid is null or client.id > @after)
        order by client.id
        limit @limit
        """;

    private static readonly string[] header = ["Nombre", "Teléfono", "Correo", "Etiqueta", "Último envío", "Baja", "Alta"];

    public static void Map(IEndpointRouteBuilder clients) => clients.MapGet("/export", Get)
        .Documented("exportClients", "All clients as CSV; a file that the import takes, and that no spreadsheet runs formulas from.")
        .Produces<string>(StatusCodes.Status200OK, "text/csv");

    private static IResult Get(Caller caller, IStore store, CancellationToken ct) =>
        Csv.File("clientes.csv", header, Pages(store, caller.ProfileId, ct));

    private static async IAsyncEnumerable<IReadOnlyList<object?[]>> Pages(
        IStore store, Guid profile, [EnumeratorCancellation] CancellationToken ct)
    {
        Guid? after = null;
        List<Client> page;
        do
        {
            page = await store.Query(OnePage, Client.Read, ct, ("profile", profile), ("after", after), ("limit", PageSize));
            if (page.Count > 0) after = page[^1].Id;
            yield return page.ConvertAll(Record);
        }
        while (page.Count == PageSize);
    }

    private static object?[] Record(Client client) =>
    [
        client.Name, new Csv.Digits(client.Phone), client.Email, client.Label, client.LastContactAt, client.OptedOutAt, client.CreatedAt,
    ];
}
