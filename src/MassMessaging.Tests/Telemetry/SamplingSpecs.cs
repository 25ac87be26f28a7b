using System.Net;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Telemetry;

[Collection(nameof(CampaignRun))]
public sealed class SamplingSpecs(TestCluster cluster)
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public async Task What_was_not_sampled_at_the_request_is_not_sampled_later_either_and_leaves_nothing_in_the_log()
    {
        await using var receiver = await OtlpReceiver.Start();
        var app = await TestApp.Start(cluster, new TestAppOptions { Settings = receiver.Settings.Concat(TestAppOptions.Unpaced).ToDictionary() });
        var advisor = await Advisor.Of(app);
        advisor.Http.DefaultRequestHeaders.Add("traceparent", $"00-{TraceId}-00f067aa0ba902b7-00");
        var profile = (await advisor.Get("/api/profile")).Id;
        await advisor.HasClient("Ana");
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        var campaign = await advisor.HasDraft(new { all = true });
        (await advisor.Post($"/api/campaigns/{campaign}/send")).Is(HttpStatusCode.Accepted);
        await Eventually.True(
            async () =>
            {
                await app.Settle();
                return (await advisor.Get($"/api/campaigns/{campaign}"))["readCount"].GetInt32() == 1;
            },
            TimeSpan.FromMinutes(1), "it is read");
        var (chained, traced) = (
            await app.Database.Value<long>($"select count(*) from mt_events where correlation_id = '{TraceId}'"),
            await app.Database.Value<long>("select count(*) from mt_events where headers is not null"));
        await app.DisposeAsync();

        Assert.True(chained >= 6, "the whole chain has the request's correlation");
        Assert.Equal(0, traced);
        Assert.DoesNotContain(
            receiver.Spans, span => span.TraceId == TraceId || span.Tags.GetValueOrDefault("massmessaging.profile") == profile.ToString());
    }
}
