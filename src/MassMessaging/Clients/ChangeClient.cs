using MassMessaging.Clients.Consent;
using MassMessaging.Http;
using MassMessaging.Kernel;
using Npgsql;

namespace MassMessaging.Clients;

/// <summary>Only the fields that are given change; an <c>email</c> of null is cleared.</summary>
public sealed record ChangeClient(string? Name, string? Phone, string? Email, ClientLabel? Label);

public static class ChangeClientEndpoint
{
    private const string Update = """
        update client
        set name = coalesce(@name, name), search_name = coalesce(@searchName, search_name), phone = coalesce(@phone, phone),
            label = coalesce(@label, label), email = case when @setEmail then @email else email end, updated_at = @now
        where profile_id = @profile and id = @id
        """;

    public static void Map(IEndpointRouteBuilder clients)
    {
        clients.MapPut("/{id:guid}", Put)
            .Documented("changeClient", "Changes the fields that are given.", "client-exists", "phone-invalid", "email-invalid")
            .Takes<ChangeClient>()
            .Produces<Client>();

        static async Task<IResult> Put(
            Guid id, Fields body, Caller caller, SuppressedNumbers suppressed, IStore store, CancellationToken ct)
        {
            var change = Read(body, await Client.CountryOf(store, caller.ProfileId, ct));
            if (body.AreWrong) return body.Problem();

            await using var session = store.Open(caller.Origin);
            try
            {
                if (change.Phone is { } phone) await suppressed.Renumber(session, caller.ProfileId, id, phone, ct);
                await Write(session, caller.ProfileId, id, change, body.Has("email"), ct);
                if (change.Phone is { } now) await suppressed.Apply(session, caller.ProfileId, [(id, now)], ct);
            }
            catch (PostgresException taken) when (taken.ConstraintName == "client_phone")
            {
                return CreateClientEndpoint.Exists();
            }

            var client = await Client.Find(session, caller.ProfileId, id, ct);
            await session.Commit(ct);
            return client is null ? Problems.NotFound() : TypedResults.Ok(client);
        }
    }

    private static ChangeClient Read(Fields body, string country) => new(
        ClientFields.Name(body, required: false), ClientFields.Phone(body, country, required: false), ClientFields.Email(body),
        body.OneOf<ClientLabel>("label"));

    private static Task<int> Write(
        ISession session, Guid profile, Guid id, ChangeClient change, bool setEmail, CancellationToken ct) => session.Sql(
        Update, ct, ("profile", profile), ("id", id), ("name", change.Name),
        ("searchName", change.Name is null ? null : SearchText.Fold(change.Name)), ("phone", change.Phone), ("setEmail", setEmail),
        ("email", change.Email), ("label", change.Label is { } label ? JsonConventions.NameOf(label) : null), ("now", session.Now));
}
