using MassMessaging.Clients.Consent;
using MassMessaging.Http;

namespace MassMessaging.Clients;

/// <param name="Phone">E.164.</param>
public sealed record NewClient(string Name, string Phone, string? Email, ClientLabel Label, Guid? HealthSurveyId = null);

/// <summary>Adds clients set by set, for whatever adds them. A number that is suppressed is born opted out.</summary>
public sealed class NewClients(SuppressedNumbers suppressed)
{
    private const string Insert = """
        insert into client (profile_id, id, health_survey_id, name, search_name, phone, email, label, created_at, updated_at)
        select @profile, id, health_survey_id, name, search_name, phone, email, label, @now, @now
        from unnest(@ids::uuid[], @surveys::uuid[], @names::text[], @searchNames::text[], @phones::text[], @emails::text[], @labels::text[])
             as new (id, health_survey_id, name, search_name, phone, email, label)
        order by phone -- two that add the same numbers wait for each other in one direction
        on conflict (profile_id, phone) do nothing
        returning id, phone
        """;

    /// <summary>The new ids by phone; a phone that the profile has already is not among them. Commits with the session.</summary>
    /// <param name="clients">No phone twice.</param>
    public async Task<IReadOnlyDictionary<string, Guid>> Add(
        ISession session, Guid profile, IReadOnlyCollection<NewClient> clients, CancellationToken ct)
    {
        if (clients.Count == 0) return new Dictionary<string, Guid>();

        var added = await session.Query(
            Insert, row => (Id: row.GetGuid(0), Phone: row.GetString(1)), ct, ("profile", profile), ("now", session.Now),
            ("ids", clients.Select(_ => Guid.CreateVersion7(session.Now)).ToArray()),
            ("surveys", clients.Select(client => client.HealthSurveyId).ToArray()),
            ("names", clients.Select(client => client.Name).ToArray()),
            ("searchNames", clients.Select(client => SearchText.Fold(client.Name)).ToArray()),
            ("phones", clients.Select(client => client.Phone).ToArray()),
            ("emails", clients.Select(client => client.Email).ToArray()),
            ("labels", clients.Select(client => JsonConventions.NameOf(client.Label)).ToArray()));
        await suppressed.Apply(session, profile, added, ct);
        return added.ToDictionary(client => client.Phone, client => client.Id);
    }
}
