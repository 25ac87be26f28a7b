using System.Net;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Campaigns;

/// <summary>What the acts on a running campaign answer. What they do to the gateway is told in the specs of sending.</summary>
public sealed class SendingActsSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task A_campaign_is_sent_paused_resumed_and_cancelled()
    {
        var advisor = await Advisor.Of(app);
        var path = $"/api/campaigns/{await Audienced(advisor)}";

        var sent = await advisor.Post($"{path}/send");
        var paused = await advisor.Post($"{path}/pause");
        var resumed = await advisor.Post($"{path}/resume");
        var cancelled = await advisor.Post($"{path}/cancel");

        sent.Is(HttpStatusCode.Accepted);
        Assert.Equal(("sending", "launching"), (sent["status"].GetString(), sent["statusReason"].GetString()));
        Assert.Equal(
            ["paused", "sending", "cancelled"], new[] { paused, resumed, cancelled }.Select(answer => answer["status"].GetString()!));
    }

    [Fact]
    public async Task Doing_it_again_has_no_effect()
    {
        var advisor = await Advisor.Of(app);
        var path = $"/api/campaigns/{await Audienced(advisor)}";
        var first = await advisor.Post($"{path}/send");

        var again = await advisor.Post($"{path}/send");

        again.Is(HttpStatusCode.Accepted);
        Assert.Equal(first.ETag, again.ETag);
    }

    [Fact]
    public async Task Nobody_in_the_audience_is_a_conflict()
    {
        var advisor = await Advisor.Of(app);

        var refused = await advisor.Post($"/api/campaigns/{await advisor.HasDraft()}/send");

        refused.Is(HttpStatusCode.Conflict, "audience-empty");
        Assert.Equal("draft", refused["currentStatus"].GetString());
    }

    [Theory]
    [InlineData("pause", "campaign-not-sending")]
    [InlineData("resume", "campaign-not-paused")]
    public async Task A_draft_can_be_neither_paused_nor_resumed(string act, string code)
    {
        var advisor = await Advisor.Of(app);

        (await advisor.Post($"/api/campaigns/{await advisor.HasDraft()}/{act}")).Is(HttpStatusCode.Conflict, code);
    }

    [Fact]
    public async Task A_cancelled_campaign_cannot_be_sent_and_counts_nobody_as_waiting()
    {
        var advisor = await Advisor.Of(app);
        var path = $"/api/campaigns/{await Audienced(advisor)}";
        await advisor.Post($"{path}/send");
        await app.Services.GetRequiredService<KernelDrain>().Drain(CancellationToken.None); // planned, and not sent

        var cancelled = await advisor.Post($"{path}/cancel");
        await app.Drain();
        var later = await advisor.Get(path);

        Assert.Equal((0, 1, 1), Counts(cancelled));
        Assert.Equal((0, 1, 1), Counts(later));
        (await advisor.Post($"{path}/send")).Is(HttpStatusCode.Conflict, "campaign-not-launchable");
    }

    private static (int Pending, int Skipped, int Total) Counts(Answer row) =>
        (row["pendingCount"].GetInt32(), row["skippedCount"].GetInt32(), row["totalRecipients"].GetInt32());

    private static async Task<Guid> Audienced(Advisor advisor)
    {
        await advisor.HasClient("Ana");
        return await advisor.HasDraft(new { all = true });
    }
}
