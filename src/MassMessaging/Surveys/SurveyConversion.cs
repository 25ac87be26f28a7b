using System.Data.Common;
using MassMessaging.Clients;
using MassMessaging.Clients.Import;

namespace MassMessaging.Surveys;

/// <summary>What became of one survey that was to become a client.</summary>
/// <param name="ClientId">The new client.</param>
/// <param name="Code">Else why not: <c>not-found</c>, <c>survey-without-phone</c>, <c>phone-invalid</c>, <c>client-exists</c>.</param>
public sealed record ConvertedSurvey(Guid SurveyId, Guid? ClientId, string? Code);

/// <summary>Makes clients of surveys, any number in a few statements. One phone field serves as WhatsApp number.</summary>
public sealed class SurveyConversion(NewClients clients)
{
    private const string Select = """
        select id, visitor_name, visitor_phone, visitor_email, client_id
        from health_survey where profile_id = @profile and id = any (@ids) order by id for update
        """;

    private const string Mark = """
        update health_survey set client_id = made.client_id
        from unnest(@ids::uuid[], @clients::uuid[]) as made (id, client_id)
        where profile_id = @profile and health_survey.id = made.id
        """;

    /// <summary>One answer per id, in their order: a survey named twice is converted once, and exists the second time.</summary>
    public async Task<IReadOnlyList<ConvertedSurvey>> Run(
        ISession session, Guid profile, string country, IReadOnlyList<Guid> surveys, CancellationToken ct)
    {
        await ClientImport.NoneRuns(session, profile, ct); // first: whoever waits with the lock of erasures holds up many

        // An erasure locks a client before its surveys, we would lock them the other way round.
        await ErasureLock.Share(session, profile, ct);

        var found = await session.Query(Select, Survey.Read, ct, ("profile", profile), ("ids", surveys.Distinct().ToArray()));
        var wanted = Plan(surveys, found.ToDictionary(survey => survey.Id), country);
        var added = await clients.Add(session, profile, [.. wanted.Select(entry => entry.Client).OfType<NewClient>()], ct);

        var results = wanted.ConvertAll(entry => entry.Client is not { } client
            ? new ConvertedSurvey(entry.Survey, null, entry.Code)
            : added.TryGetValue(client.Phone, out var id)
                ? new ConvertedSurvey(entry.Survey, id, null)
                : new ConvertedSurvey(entry.Survey, null, "client-exists"));
        var made = results.FindAll(result => result.ClientId is not null);
        if (made.Count > 0)
            await session.Sql(
                Mark, ct, ("profile", profile), ("ids", made.ConvertAll(result => result.SurveyId).ToArray()),
                ("clients", made.ConvertAll(result => result.ClientId!.Value).ToArray()));
        return results;
    }

    /// <summary>Each survey as the client it would be, or why it will be none. No phone comes twice.</summary>
    private static List<(Guid Survey, NewClient? Client, string? Code)> Plan(
        IReadOnlyList<Guid> surveys, Dictionary<Guid, Survey> found, string country)
    {
        var phones = new HashSet<string>();
        return [.. surveys.Select(One)];

        (Guid Survey, NewClient? Client, string? Code) One(Guid id)
        {
            if (!found.TryGetValue(id, out var survey)) return (id, null, "not-found");
            if (survey.ClientId is not null) return (id, null, "client-exists");
            if (survey.Phone is null) return (id, null, "survey-without-phone");
            if (!PhoneNumber.TryParse(survey.Phone, country, out var phone)) return (id, null, "phone-invalid");
            if (!phones.Add(phone)) return (id, null, "client-exists");
            return (id, new NewClient(survey.Name, phone, survey.Email, ClientLabel.Prospecto, id), null);
        }
    }

    private sealed record Survey(Guid Id, string Name, string? Phone, string? Email, Guid? ClientId)
    {
        public static Survey Read(DbDataReader row) => new(
            row.GetGuid(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3),
            row.IsDBNull(4) ? null : row.GetGuid(4));
    }
}
