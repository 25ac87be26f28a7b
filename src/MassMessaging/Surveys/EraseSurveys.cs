using MassMessaging.Clients;

namespace MassMessaging.Surveys;

/// <summary>With a client go the survey it was made from, and all others that give its number.</summary>
public sealed class EraseSurveys : IErasureSubscriber
{
    private const string Delete = """
        delete from health_survey survey
        using client
        where client.profile_id = @profile and client.id = any (@clients) and survey.profile_id = client.profile_id
          and (survey.client_id = client.id or survey.phone = client.phone)
        """;

    public Task Erase(Guid profile, IReadOnlyList<Guid> clients, ISession session, CancellationToken ct) =>
        session.Sql(Delete, ct, ("profile", profile), ("clients", clients.ToArray()));
}
