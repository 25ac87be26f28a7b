using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary>
/// One act on one campaign of the caller, and its answer: 404, 409 with the campaign's status, 412 under If-Match, or the row.
/// </summary>
public sealed record CampaignCommand(HttpContext Context, IStore Store, Caller Caller, Guid Id)
{
    public StreamKey Key => new(Caller.ProfileId, Id);

    /// <param name="decide">Pure.</param>
    /// <param name="done">Null: 200 with the row as it is then shown, and its ETag.</param>
    /// <param name="alongside">SQL of the same session.</param>
    public Task<IResult> Run(
        Func<Campaign, Decision> decide, CancellationToken ct, Func<Task<IResult>>? done = null, Func<ISession, Task>? alongside = null) =>
        Run(decide, done, alongside, Etag.IfMatch(Context), ct);

    /// <summary>The campaign's first act. There is no version yet that an If-Match could name, so none is read.</summary>
    public Task<IResult> Begin(Func<Decision> decide, Func<Task<IResult>> done, Func<ISession, Task> alongside, CancellationToken ct) =>
        Run(_ => decide(), done, alongside, ifVersion: null, ct);

    private async Task<IResult> Run(
        Func<Campaign, Decision> decide, Func<Task<IResult>>? done, Func<ISession, Task>? alongside, long? ifVersion, CancellationToken ct)
    {
        var status = CampaignStatus.Missing;
        var decided = await Store.Decide<Campaign>(
            Caller.Origin, Key, campaign => decide(Seen(campaign, out status)), alongside ?? (_ => Task.CompletedTask), ct,
            ifVersion);
        if (status == CampaignStatus.Missing && decided.Version == 0) return Problems.NotFound();
        if (decided.Outcome is Decision.Refused { Code: "precondition-failed" } && !await CampaignQuery.Exists(Store, Key, ct))
            return Problems.NotFound(); // deleted

        return await decided.ToHttp(done ?? (() => Show(ct)), status.Word());
    }

    /// <summary>200 with the row and its ETag, else 404.</summary>
    public async Task<IResult> Show(CancellationToken ct, Func<CampaignAnswer, IResult>? answer = null)
    {
        if (await CampaignQuery.One(Store, Caller.ProfileId, Id, ct) is not { } shown) return Problems.NotFound();

        Etag.Set(Context, shown.Version);
        return answer is null ? TypedResults.Ok(shown.Answer) : answer(shown.Answer);
    }

    private static Campaign Seen(Campaign campaign, out CampaignStatus status)
    {
        status = campaign.Status;
        return campaign;
    }
}
