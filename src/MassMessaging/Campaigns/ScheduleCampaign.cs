using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns;

/// <summary><c>POST /api/campaigns/{id}/schedule</c>: it starts by itself then; again with another time moves it.</summary>
public static class ScheduleCampaign
{
    public static void Map(IEndpointRouteBuilder campaigns) => campaigns.MapPost("/{id:guid}/schedule", Post)
        .Documented(
            "scheduleCampaign", "Lets a draft start by itself at a time to come.",
            "validation-failed", "campaign-not-schedulable", "precondition-failed")
        .Needs(Scope.Send).Takes<ScheduleBody>().Produces<CampaignAnswer>();

    private static async Task<IResult> Post(HttpContext context, Caller caller, Guid id, Fields body, IStore store, CancellationToken ct)
    {
        if (!body.Given("scheduledAt")) body.Wrong("scheduledAt", "is required");
        var at = CampaignBody.ReadFuture(body, "scheduledAt", store.Clock.GetUtcNow());
        if (body.AreWrong || at is null) return body.Problem();

        var command = new CampaignCommand(context, store, caller, id);
        return await command.Run(campaign => ChangeCampaign.Schedule(campaign, command.Key, at.Value), ct);
    }

    private sealed record ScheduleBody(DateTimeOffset ScheduledAt);
}
