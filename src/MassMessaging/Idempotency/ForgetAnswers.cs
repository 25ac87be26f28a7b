using MassMessaging.Clients;

namespace MassMessaging.Idempotency;

/// <summary>Kept answers that name an erased client go with it; that the requests were done stays known.</summary>
internal sealed class ForgetAnswers : IErasureSubscriber
{
    private const string Count = """
        insert into idempotent_erasure as known (profile_id, erasures) values (@profile, 1)
        on conflict (profile_id) do update set erasures = known.erasures + 1
        """;

    // Answered ones only: a row without an answer may be locked by a request that waits for streams of this session.
    private const string Forget = """
        update idempotent_request set answer = null, mentions = null
        where profile_id = @profile and answer is not null and (mentions is null or mentions && @clients)
        """;

    public async Task Erase(Guid profile, IReadOnlyList<Guid> clients, ISession session, CancellationToken ct)
    {
        await session.Sql(Count, ct, ("profile", profile));
        await session.Sql(Forget, ct, ("profile", profile), ("clients", clients.ToArray()));
    }
}
