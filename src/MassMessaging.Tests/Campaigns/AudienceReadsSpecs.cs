using System.Net;
using MassMessaging.Campaigns.Launching;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Campaigns;

public sealed class AudienceReadsSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task Members_are_filtered_by_status_and_reply_with_totals_and_pages()
    {
        var (advisor, campaign) = await Sent(recipients: 4);
        var path = $"/api/campaigns/{campaign}/audience";
        await app.Database.Execute($"""
            update mass_messaging.campaign_audience set status = 'failed' where id = (
                select id from mass_messaging.campaign_audience where campaign_id = '{campaign}' order by id limit 1)
            """);
        await app.Database.Execute($"""
            update mass_messaging.campaign_audience set replied_at = sent_at where id in (
                select id from mass_messaging.campaign_audience where campaign_id = '{campaign}' and status = 'read' order by id limit 2)
            """);

        var page = await advisor.Get($"{path}?status=read&limit=2");
        var next = await advisor.Get(page.Message.Headers.GetValues("Link").Single().Split('<', '>')[1]);

        Assert.Equal(
            [("4", 4), ("3", 3), ("1", 1), ("2", 2), ("2", 2), ("1", 1), ("0", 0)],
            [
                await Found(advisor, path), await Found(advisor, $"{path}?status=read"), await Found(advisor, $"{path}?status=failed"),
                await Found(advisor, $"{path}?replied=true"), await Found(advisor, $"{path}?replied=false"),
                await Found(advisor, $"{path}?status=read&replied=false"), await Found(advisor, $"{path}?status=failed&replied=true"),
            ]);
        Assert.Equal((2, 1), (page.Body.GetArrayLength(), next.Body.GetArrayLength()));
        Assert.NotNull(next.Body[0].GetProperty("repliedAt").GetString());
    }

    [Fact]
    public async Task The_audience_is_a_csv_file_with_names_that_are_no_formulas()
    {
        var advisor = await Advisor.Of(app);
        await advisor.HasClient("=HYPERLINK(\"http://x\")");
        var campaign = await Launched(advisor);

        var answer = await advisor.Http.GetAsync(new Uri($"/api/campaigns/{campaign}/audience.csv?status=pending", UriKind.Relative));
        var lines = (await answer.Content.ReadAsStringAsync()).Split("\r\n");

        Assert.Equal(("text/csv", "audience.csv"), (
            answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentDisposition!.FileName!.Trim('"')));
        Assert.StartsWith("id,profileId,campaignId,clientId,name,phone,", lines[0].TrimStart('\uFEFF'), StringComparison.Ordinal);
        Assert.Contains(",\"'=HYPERLINK(\"\"http://x\"\")\",+549115", lines[1], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
        Assert.Equal(2, (await advisor.Http.GetStringAsync(new Uri($"/api/campaigns/{campaign}/audience.csv?replied=true", UriKind.Relative)))
            .Split("\r\n").Length);
    }

    [Fact]
    public async Task Replies_are_listed_newest_first_until_their_client_is_erased()
    {
        var advisor = await Advisor.Of(app);
        var (ana, bea) = (await advisor.HasClient("Ana"), await advisor.HasClient("Bea"));
        var campaign = await Launched(advisor);
        foreach (var (client, text) in new[] { (ana, "Sí"), (bea, "No"), (ana, "¿Cuánto?") }) await Reply(campaign, client, text);
        var path = $"/api/campaigns/{campaign}/replies";

        var first = await advisor.Get($"{path}?limit=2");
        var second = await advisor.Get(first.Message.Headers.GetValues("Link").Single().Split('<', '>')[1]);
        await advisor.Delete($"/api/clients/{ana}");
        var left = await advisor.Get(path);

        Assert.Equal(["¿Cuánto?", "No"], first.Body.EnumerateArray().Select(reply => reply.GetProperty("text").GetString()));
        Assert.Equal(["Sí"], second.Body.EnumerateArray().Select(reply => reply.GetProperty("text").GetString()));
        Assert.Equal("3", first.Message.Headers.GetValues("X-Total-Count").Single());
        Assert.Equal(["at", "clientId", "memberId", "text"], left.Body[0].EnumerateObject().Select(field => field.Name).Order());
        Assert.Equal((bea, 1), (left.Body[0].GetProperty("clientId").GetGuid(), left.Body.GetArrayLength()));
    }

    [Theory]
    [InlineData("audience?status=missing")]
    [InlineData("audience?replied=perhaps")]
    [InlineData("audience.csv?status=missing")]
    [InlineData("replies?limit=0")]
    [InlineData("excluded?after=x")]
    public async Task A_wrong_filter_is_refused(string path)
    {
        var (advisor, campaign) = await Sent(recipients: 1);

        (await advisor.Get($"/api/campaigns/{campaign}/{path}")).Is(HttpStatusCode.BadRequest, "validation-failed");
    }

    [Theory]
    [InlineData("audience")]
    [InlineData("audience.csv")]
    [InlineData("replies")]
    [InlineData("excluded")]
    public async Task A_campaign_of_someone_else_is_not_found(string path)
    {
        var (_, campaign) = await Sent(recipients: 1);

        (await (await Advisor.Of(app)).Get($"/api/campaigns/{campaign}/{path}")).Is(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public void All_members_of_a_campaign_lie_between_two_ids()
    {
        for (var one = 0; one < 1000; one++)
        {
            var campaign = Guid.CreateVersion7();
            var (first, last) = MemberId.Range(campaign);
            var member = MemberId.Of(campaign, Guid.NewGuid()).ToString();

            Assert.InRange(string.CompareOrdinal(member, first.ToString()), 0, int.MaxValue);
            Assert.InRange(string.CompareOrdinal(member, last.ToString()), int.MinValue, 0);
        }
    }

    private static async Task<(string Total, int Rows)> Found(Advisor advisor, string path)
    {
        var answer = await advisor.Get(path);
        answer.Is(HttpStatusCode.OK);
        return (answer.Message.Headers.GetValues("X-Total-Count").Single(), answer.Body.GetArrayLength());
    }

    private async Task<(Advisor Advisor, Guid Campaign)> Sent(int recipients)
    {
        var advisor = await Advisor.Of(app);
        for (var client = 0; client < recipients; client++) await advisor.HasClient($"Ana {client}");
        var campaign = await Launched(advisor);
        await app.Database.Execute($"""
            update mass_messaging.campaign_audience set status = 'read', sent_at = queued_at where campaign_id = '{campaign}'
            """);
        return (advisor, campaign);
    }

    /// <summary>Planned, and nothing sent.</summary>
    private async Task<Guid> Launched(Advisor advisor)
    {
        var campaign = await advisor.HasDraft(new { all = true });
        (await advisor.Post($"/api/campaigns/{campaign}/send")).Is(HttpStatusCode.Accepted);
        await app.Services.GetRequiredService<KernelDrain>().Drain(CancellationToken.None);
        return campaign;
    }

    private int replies; // of one millisecond they would have no order

    private Task Reply(Guid campaign, Guid client, string text) => app.Database.Execute($"""
        insert into campaign_reply (profile_id, id, campaign_id, member_id, client_id, text, at)
        select profile_id, '{Guid.CreateVersion7(TimeProvider.System.GetUtcNow().AddSeconds(replies++))}', id, '{MemberId.Of(campaign, client)}', '{client}', '{text}', now() from campaign where id = '{campaign}'
        """);
}
