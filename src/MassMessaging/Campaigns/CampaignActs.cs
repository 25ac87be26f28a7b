using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary>Answers an act on a campaign: the row as it is now, or why not, with the status that it has.</summary>
public static class CampaignActs
{
    public static async Task<IResult> Answer(
        IStore store, StreamKey key, Decided decided, HttpContext context, int success, CancellationToken ct)
    {
        var shown = await CampaignQuery.One(store, key.Profile, key.Id, ct);
        if (shown is null) return Problems.NotFound();
        if (decided.Outcome is Decision.Refused refused)
            return refused.Code switch
            {
                "not-found" => Problems.NotFound(),
                "precondition-failed" => Problems.PreconditionFailed(),
                _ => Problems.Conflict(refused.Code, refused.Detail, shown.Answer.Status.Word()),
            };

        Etag.Set(context, shown.Version);
        return TypedResults.Json(shown.Answer, JsonConventions.Options, statusCode: success);
    }
}
