using System.Globalization;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Clients;

/// <summary>Which clients; null is no condition.</summary>
/// <param name="Search">See <see cref="ClientSearch"/>.</param>
/// <param name="WithoutContactDays">Nothing was sent to them for so many days, or ever.</param>
public sealed record ClientFilter(ClientLabel? Label = null, string? Search = null, int? WithoutContactDays = null);

public static class ListClientsEndpoint
{
    private const int MostDays = 36_500;

    // Whole texts for each mixture of filters: "null or" conditions would be planned for no filter in particular.
    private const string OfProfile = "where client.profile_id = @profile";
    private const string OfLabel = " and client.label = @label";
    private const string Uncontacted = " and (contact.last_contact_at is null or contact.last_contact_at < @contactedBefore)";
    private const string Behind = " and client.id < @after";
    private const string NewestFirst = " order by client.id desc limit @limit";

    private const string Counted = """
        select coalesce(sum(clients), 0)::bigint from client_count where profile_id = @profile and (@label::text is null or label = @label)
        """;

    // All but those contacted since. A contact outlives its client in the log's view, so those of clients erased are added again.
    private const string CountedUncontacted = $"""
        select ({Counted})
            - (select count(*) from client_contact where profile_id = @profile and last_contact_at >= @contactedBefore)
            + (select count(*) from client_erased gone
               join client_contact contact on contact.profile_id = gone.profile_id and contact.id = gone.id
               where gone.profile_id = @profile and contact.last_contact_at >= @contactedBefore)
        """;

    private const string CountedUncontactedOfLabel = $"""
        select ({Counted})
            - (select count(*) from client_contact contact
               join client on client.profile_id = contact.profile_id and client.id = contact.id
               where contact.profile_id = @profile and contact.last_contact_at >= @contactedBefore and client.label = @label)
        """;

    internal const string Found = """
        select client.id, client.profile_id, client.health_survey_id, client.name, client.phone, client.email, client.label,
               contact.last_contact_at, client.opted_out_at, client.created_at, client.updated_at, found.total
        from client_search(
            @profile, @keys::tsquery, @words, @email, @phones, @label, @contactedBefore, @after, @limit) found
        join client on client.profile_id = @profile and client.id = found.client_id
        left join client_contact as contact on contact.profile_id = @profile and contact.id = found.client_id
        order by client.id desc
        """;

    public static void Map(IEndpointRouteBuilder clients)
    {
        clients.MapGet("/", Get)
            .Documented("listClients", "The advisor's clients, newest first; filtered by label, search text and days without contact.")
            .Asks("label", "Only clients with this label.")
            .Asks("q", "Beginnings of words of the name, a part of the e-mail, or of the phone in any spelling.")
            .Asks("withoutContactDays", "Only clients to whom nothing was sent for so many days, or ever.")
            .Produces<Client[]>();
        clients.MapGet("/label/{label}", GetByLabel).Documented("listClientsByLabel", "The clients with one label.").Produces<Client[]>();
        clients.MapGet("/without-contact/{days}", GetWithoutContact)
            .Documented("listClientsWithoutContact", "The clients to whom nothing was sent for so many days, or ever.")
            .Produces<Client[]>();

        static Task<IResult> Get(Query query, Page page, Caller caller, IStore store, HttpContext context)
        {
            var filter = new ClientFilter(
                query.OneOf<ClientLabel>("label"), query.Text("q"), query.Whole("withoutContactDays", 0, MostDays));
            query.ThrowIfWrong();
            return Answer(filter, page, caller, store, context);
        }

        static Task<IResult> GetByLabel(string label, Page page, Caller caller, IStore store, HttpContext context) =>
            TextRules.TryEnum<ClientLabel>(label, out var known)
                ? Answer(new ClientFilter(known), page, caller, store, context)
                : throw Wrong("label", TextRules.EnumExpected<ClientLabel>());

        static Task<IResult> GetWithoutContact(string days, Page page, Caller caller, IStore store, HttpContext context) =>
            int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MostDays
                ? Answer(new ClientFilter(WithoutContactDays: number), page, caller, store, context)
                : throw Wrong("days", $"must be a whole number from 0 to {MostDays}");
    }

    /// <summary>A page of the list without search; the arguments are the filter's own, <c>limit</c>, <c>after</c> later on.</summary>
    internal static string Listed(ClientFilter filter, bool firstPage) => string.Concat(
        Client.Select, OfProfile, filter.Label is null ? "" : OfLabel, filter.WithoutContactDays is null ? "" : Uncontacted,
        firstPage ? "" : Behind, NewestFirst);

    internal static string Total(ClientFilter filter) => filter switch
    {
        { WithoutContactDays: null } => Counted,
        { Label: null } => CountedUncontacted,
        _ => CountedUncontactedOfLabel,
    };

    private static async Task<IResult> Answer(ClientFilter filter, Page page, Caller caller, IStore store, HttpContext context)
    {
        var ct = context.RequestAborted;
        (string, object?)[] conditions =
        [
            ("profile", caller.ProfileId),
            ("label", filter.Label is { } label ? JsonConventions.NameOf(label) : null),
            ("contactedBefore", filter.WithoutContactDays is { } days ? store.Clock.GetUtcNow().AddDays(-days) : null),
        ];
        (string, object?)[] cut = [.. conditions, ("after", page.After), ("limit", page.Limit + 1)];
        if (filter.Search?.Trim() is { Length: > 0 } text)
        {
            var search = ClientSearch.Of(text, caller.ProfileId, ClientSearch.MayBePhone(text) ? await Client.CountryOf(store, caller.ProfileId, ct) : "");
            var found = await store.Query(
                Found, row => (Client: Client.Read(row), Total: row.GetInt64(11)), ct,
                [.. cut, ("keys", search.Keys), ("words", search.Words), ("email", search.Email), ("phones", search.Phones)]);
            return page.List(context, found.ConvertAll(row => row.Client), client => client.Id, found.Count == 0 ? 0 : found[0].Total);
        }

        var rows = store.Query(Listed(filter, page.After is null), Client.Read, ct, cut);
        var total = page.Total(store, Total(filter), ct, conditions);
        await Task.WhenAll(rows, total);
        return page.List(context, await rows, client => client.Id, await total);
    }

    private static ProblemException Wrong(string field, string message)
    {
        var wrong = new WrongFields();
        wrong.Add(field, message);
        return new ProblemException(wrong.ToProblem());
    }
}
