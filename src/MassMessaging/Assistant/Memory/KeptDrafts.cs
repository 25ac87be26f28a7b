using MassMessaging.Assistant.Writing;
using MassMessaging.Clients;
using MassMessaging.Kernel;

namespace MassMessaging.Assistant.Memory;

/// <summary>A draft with the id by which a campaign or a template can say that it came from there.</summary>
public sealed record KeptDraft(Guid Id, Draft Draft);

/// <summary>What was proposed, kept so that it can be told which was chosen and how it fared.</summary>
public sealed class KeptDrafts(IStore store)
{
    private const string Insert = """
        insert into assistant_variation (profile_id, id, request_id, client_id, kind, objective, language, text, created_at)
        select @profile, draft.id, @request, @client, @kind, @objective, @language, case when about.known then draft.text end, @now
        from unnest(@ids, @texts) as draft (id, text),
             (select @client::uuid is null or exists (select 1 from client where profile_id = @profile and id = @client) as known) as about
        """;

    public async Task<IReadOnlyList<KeptDraft>> Keep(Commission commission, IReadOnlyList<Draft> drafts, CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        // A millisecond apart, so that the order of their ids is theirs.
        var kept = drafts.Select((draft, place) => new KeptDraft(Guid.CreateVersion7(session.Now.AddMilliseconds(place)), draft)).ToList();
        if (commission.ClientId is not null) await ErasureLock.Share(session, commission.Profile.Id, ct);
        await session.Sql(
            Insert, ct, ("profile", commission.Profile.Id), ("request", commission.RequestId), ("client", commission.ClientId),
            ("kind", commission.Kind), ("objective", commission.Objective), ("language", commission.Inputs.Language),
            ("ids", kept.Select(draft => draft.Id).ToArray()), ("texts", drafts.Select(draft => draft.Text).ToArray()),
            ("now", session.Now));
        await session.Commit(ct);
        return kept;
    }
}
