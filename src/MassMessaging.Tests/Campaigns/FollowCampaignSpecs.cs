using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns;

public sealed class FollowCampaignSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task The_row_is_told_at_once_then_when_it_changes_and_the_stream_ends_with_a_final_one()
    {
        var advisor = await Advisor.Of(app);
        var campaign = await advisor.HasDraft();
        var told = new List<string>();

        await foreach (var progress in Follow(advisor, campaign))
        {
            Assert.Equal("progress", progress.EventType);
            told.Add(JsonElement.Parse(progress.Data).GetProperty("status").GetString()!);
            if (told.Count == 1) (await advisor.Post($"/api/campaigns/{campaign}/cancel")).Is(HttpStatusCode.OK);
        }

        Assert.Equal(["draft", "cancelled"], told);
    }

    [Fact]
    public async Task A_reader_that_comes_back_is_told_what_it_has_not_seen()
    {
        var advisor = await Advisor.Of(app);
        var campaign = await advisor.HasDraft();
        var seen = await First(Follow(advisor, campaign));
        await advisor.Put($"/api/campaigns/{campaign}", new { name = "Abril" });

        var next = await First(Follow(advisor, campaign, seen.EventId));

        Assert.Equal("Abril", JsonElement.Parse(next.Data).GetProperty("name").GetString());
        Assert.NotEqual(seen.EventId, next.EventId);
    }

    [Fact]
    public async Task A_reader_that_has_seen_the_final_row_is_told_to_stay_away()
    {
        var advisor = await Advisor.Of(app);
        var campaign = await advisor.HasDraft();
        await advisor.Post($"/api/campaigns/{campaign}/cancel");
        var final = await First(Follow(advisor, campaign));

        using var again = await Open(advisor, campaign, final.EventId);

        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
    }

    [Fact]
    public async Task A_deleted_campaign_ends_its_stream()
    {
        var advisor = await Advisor.Of(app);
        var campaign = await advisor.HasDraft();
        var told = 0;

        await foreach (var _ in Follow(advisor, campaign))
        {
            told++;
            (await advisor.Delete($"/api/campaigns/{campaign}")).Is(HttpStatusCode.NoContent);
        }

        Assert.Equal(1, told);
    }

    private static async Task<HttpResponseMessage> Open(Advisor advisor, Guid campaign, string? lastSeen)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/campaigns/{campaign}/events");
        if (lastSeen is not null) request.Headers.Add("Last-Event-ID", lastSeen);
        return await advisor.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async IAsyncEnumerable<SseItem<string>> Follow(Advisor advisor, Guid campaign, string? lastSeen = null)
    {
        using var response = await Open(advisor, campaign, lastSeen);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync()) yield return item;
    }

    private static async Task<SseItem<string>> First(IAsyncEnumerable<SseItem<string>> items)
    {
        await foreach (var item in items) return item;
        throw new InvalidOperationException("The stream ended without an event.");
    }
}
