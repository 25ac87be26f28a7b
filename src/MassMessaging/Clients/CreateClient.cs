using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Clients;

/// <param name="Phone">Any spelling; kept as E.164.</param>
/// <param name="Label">Default <c>consumidor</c>.</param>
public sealed record CreateClient(string Name, string Phone, string? Email, ClientLabel? Label, ConsentGiven? Consent);

/// <param name="Source">How it is known: a form, a conversation, a signed paper.</param>
public sealed record ConsentGiven(string Source, DateTimeOffset? At);

public static class CreateClientEndpoint
{
    public const int LongestSource = 255;

    private const string InsertConsent = """
        insert into client_consent (profile_id, id, client_id, kind, source, at, recorded_at, recorded_by)
        values (@profile, @id, @client, 'consent', @source, @at, @now, @actor)
        """;

    public static void Map(IEndpointRouteBuilder clients)
    {
        clients.MapPost("/", Post)
            .Documented("createClient", "Adds a client.", "client-exists", "phone-invalid", "email-invalid")
            .Takes<CreateClient>()
            .Produces<Client>(StatusCodes.Status201Created);

        static async Task<IResult> Post(Fields body, Caller caller, NewClients clients, IStore store, CancellationToken ct)
        {
            var command = Read(body, await Client.CountryOf(store, caller.ProfileId, ct), store.Clock.GetUtcNow());
            if (command is null) return body.Problem();

            await using var session = store.Open(caller.Origin);
            if (await Create(clients, session, caller.ProfileId, command, ct) is not { } id) return Exists();

            var client = await Client.Find(session, caller.ProfileId, id, ct);
            await session.Commit(ct);
            return TypedResults.Created($"/api/clients/{id}", client);
        }
    }

    /// <summary>The new client's id, or null if the profile has one with this phone. Commits with the session.</summary>
    /// <param name="command">With the phone in E.164.</param>
    private static async Task<Guid?> Create(
        NewClients clients, ISession session, Guid profile, CreateClient command, CancellationToken ct)
    {
        var added = await clients.Add(
            session, profile, [new(command.Name, command.Phone, command.Email, command.Label ?? ClientLabel.Consumidor)], ct);
        if (added.Count == 0) return null;

        var id = added[command.Phone];

        if (command.Consent is { } consent)
        {
            await session.Sql(
                InsertConsent, ct, ("profile", profile), ("id", Guid.CreateVersion7(session.Now)), ("client", id),
                ("source", consent.Source), ("at", consent.At ?? session.Now), ("now", session.Now), ("actor", session.Origin.Actor));
        }

        return id;
    }

    internal static IResult Exists() =>
        Problems.Invalid(
            "client-exists", "You have a client with this phone number.",
            new Dictionary<string, string[]> { ["phone"] = ["belongs to another client"] });

    private static CreateClient? Read(Fields body, string country, DateTimeOffset now)
    {
        var name = ClientFields.Name(body, required: true);
        var phone = ClientFields.Phone(body, country, required: true);
        var email = ClientFields.Email(body);
        var label = body.OneOf<ClientLabel>("label");
        var consent = body.Object("consent") is { } given ? Consent(given, now) : null;
        return body.AreWrong ? null : new CreateClient(name!, phone!, email, label, consent);
    }

    private static ConsentGiven Consent(Fields given, DateTimeOffset now)
    {
        var consent = new ConsentGiven(given.Text("source", LongestSource, required: true) ?? "", given.Time("at"));
        if (consent.At > now) given.Wrong("at", "must not be in the future");
        return consent;
    }
}
