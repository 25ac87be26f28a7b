using MassMessaging.Campaigns;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Campaigns;

/// <summary>Every act on a campaign in every state, over HTTP: the status that it answers, and the code of a refusal.</summary>
public sealed class TransitionsSpecs(TestApp app) : IClassFixture<TestApp>
{
    private static readonly DateTimeOffset Later = DateTimeOffset.UnixEpoch.AddYears(100);
    private static readonly string[] Acts = ["edit", "delete", "schedule", "send", "pause", "resume", "cancel", "retry-failed", "clone", "save-as-template"];

    private const string Edit = "409 campaign-not-editable";
    private const string Delete = "409 campaign-not-draft";
    private const string Schedule = "409 campaign-not-schedulable";
    private const string Send = "409 campaign-not-launchable";
    private const string Pause = "409 campaign-not-sending";
    private const string Resume = "409 campaign-not-paused";
    private const string Cancel = "409 campaign-not-cancellable";
    private const string Retry = "409 campaign-not-retryable";
    private const string Nobody = "409 nothing-to-retry";

    [Theory]
    [InlineData("draft", /**/ "200", "204", "200", "202", Pause, Resume, "200", Retry, "201", "201")]
    [InlineData("scheduled", "200", Delete, "200", "202", Pause, Resume, "200", Retry, "201", "201")]
    [InlineData("sending", Edit, Delete, Schedule, "202", "200", "200", "200", Retry, "201", "201")]
    [InlineData("paused", Edit, Delete, Schedule, Send, "200", "200", "200", Retry, "201", "201")]
    [InlineData("missed", Edit, Delete, "200", Send, "200", "200", "200", Retry, "201", "201")]
    [InlineData("sent", Edit, Delete, Schedule, "202", Pause, Resume, Cancel, Nobody, "201", "201")]
    [InlineData("failed", Edit, Delete, Schedule, Send, Pause, Resume, Cancel, Nobody, "201", "201")]
    [InlineData("cancelled", Edit, Delete, Schedule, Send, Pause, Resume, "200", Retry, "201", "201")]
    public async Task A_campaign_answers(string state, params string[] expected)
    {
        var advisor = await Advisor.Of(app);
        await advisor.HasClient("Ana");

        var answers = new List<string>();
        foreach (var act in Acts) answers.Add(await Do(advisor, act, await In(advisor, state)));

        Assert.Equal(Acts.Zip(expected), Acts.Zip(answers));
    }

    private static async Task<string> Do(Advisor advisor, string act, Guid campaign)
    {
        var path = $"/api/campaigns/{campaign}";
        var before = await advisor.Get(path);
        var answer = act switch
        {
            "edit" => await advisor.Put(path, new { name = "Abril" }),
            "delete" => await advisor.Delete(path),
            "schedule" => await advisor.Post($"{path}/schedule", new { scheduledAt = Later }),
            _ => await advisor.Post($"{path}/{act}"),
        };
        if ((int)answer.Status < 400) return $"{(int)answer.Status}";

        Assert.Equal(before.Body.ToString(), (await advisor.Get(path)).Body.ToString());
        Assert.Equal(before["status"].GetString(), answer["currentStatus"].GetString());
        return $"{(int)answer.Status} {answer.Code}";
    }

    private async Task<Guid> In(Advisor advisor, string state)
    {
        var campaign = await advisor.HasDraft(new { all = true });
        object[] facts = state switch
        {
            "scheduled" => [new CampaignScheduled(Later)],
            "sending" => [Launched],
            "paused" => [Launched, new CampaignPaused(null)],
            "missed" => [new CampaignScheduled(Facts.Noon), new CampaignPaused("start-missed")],
            "sent" => [Launched, new AudiencePlanned(0, 0), new CampaignCompleted(CampaignStatus.Sent, null)],
            "failed" => [Launched, new AudiencePlanned(0, 0), new CampaignCompleted(CampaignStatus.Failed, "audience-empty")],
            "cancelled" => [new CampaignCancelled()],
            _ => [],
        };
        if (facts.Length == 0) return campaign;

        await using var session = app.Services.GetRequiredService<IStore>().Open(Origin.System);
        var profile = (await advisor.Get($"/api/campaigns/{campaign}"))["profileId"].GetGuid();
        session.Append(new StreamKey(profile, campaign), 1, facts);
        await session.Commit(CancellationToken.None);
        return campaign;
    }

    private static CampaignLaunched Launched => new(Guid.Empty);
}
