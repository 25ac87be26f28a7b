using System.Globalization;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Clients;

/// <summary>Which clients; null is no condition.</summary>
/// <param name="Search">Words of the name, a part of the e-mail, or of the phone in any spelling.</param>
/// <param name="WithoutContactDays">Nothing was sent to them for so many days, or ever.</param>
public sealed record ClientFilter(ClientLabel? Label = null, string? Search = null, int? WithoutContactDays = null);

public static class ListClientsEndpoint
{
    private const int MostDays = 36_500;

    private const string Where = """
        where client.profile_id = @profile
          and (@label::text is null or client.label = @label)
          and (@contactedBefore::timestamptz is null or contact.last_contact_at is null or contact.last_contact_at < @contactedBefore)
          and (@words::text[] is null or client.search_name like all (@words)
               or lower(client.email) like @email or client.phone like any (@phones))

        """;

    private const string List = Client.Select + Where + """
          and (@after::uuid is null or client.id < @after)
        order by client.id desc
        limit @limit
        """;

    private const string Count = """
        select count(*)
        from client
        left join client_contact as contact on contact.profile_id = client.profile_id and contact.id = client.id

        """ + Where;

    public static void Map(IEndpointRouteBuilder clients)
    {
        clients.MapGet("/", Get)
            .Documented("listClients", "The advisor's clients, newest first; filtered by label, search text and days without contact.")
            .Asks("label", "Only clients with this label.")
            .Asks("q", "Words of the name, a part of the e-mail, or of the phone in any spelling.")
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

    /// <summary>Digits that a stored phone may contain if it is the one that the text means, whole or in part.</summary>
    public static IReadOnlyList<string> PhoneParts(string search, string country)
    {
        var digits = string.Concat(search.Where(char.IsAsciiDigit));
        if (digits.Length < 3 || search.Any(char.IsLetter)) return [];

        List<string> parts = [digits.StartsWith("00", StringComparison.Ordinal) ? digits[2..] : digits];
        if (PhoneNumber.TryParse(search, country, out var phone)) parts.Add(phone[1..]);
        if (parts[0].StartsWith("521", StringComparison.Ordinal)) parts.Add("52" + parts[0][3..]);
        if (parts[0].StartsWith("54", StringComparison.Ordinal)) parts.Add("549" + parts[0][2..]);
        parts.AddRange((NumberingPlan.OfCountry(country)?.Trunks ?? [])
            .Where(trunk => digits.Length >= trunk.Length + 3 && digits.StartsWith(trunk, StringComparison.Ordinal))
            .Select(trunk => digits[trunk.Length..]));
        return parts;
    }

    private static async Task<IResult> Answer(ClientFilter filter, Page page, Caller caller, IStore store, HttpContext context)
    {
        var ct = context.RequestAborted;
        var search = filter.Search?.Trim() is { Length: > 0 } text ? text : null;
        var country = search is null ? "" : await Client.CountryOf(store, caller.ProfileId, ct);
        (string, object?)[] conditions =
        [
            ("profile", caller.ProfileId),
            ("label", filter.Label is { } label ? JsonConventions.NameOf(label) : null),
            ("contactedBefore", filter.WithoutContactDays is { } days ? store.Clock.GetUtcNow().AddDays(-days) : null),
            ("words", search is null ? null : SearchText.Fold(search).Split(' ').Select(SearchText.Anywhere).ToArray()),
            ("email", search is null ? null : SearchText.Anywhere(search.ToLowerInvariant())),
            ("phones", search is null ? [] : PhoneParts(search, country).Select(SearchText.Anywhere).ToArray()),
        ];
        var rows = await store.Query(List, Client.Read, ct, [.. conditions, ("after", page.After), ("limit", page.Limit + 1)]);
        var total = page.After is null ? (await store.Query(Count, row => row.GetInt64(0), ct, conditions))[0] : (long?)null;
        return page.List(context, rows, client => client.Id, total);
    }

    private static ProblemException Wrong(string field, string message)
    {
        var wrong = new WrongFields();
        wrong.Add(field, message);
        return new ProblemException(wrong.ToProblem());
    }
}
