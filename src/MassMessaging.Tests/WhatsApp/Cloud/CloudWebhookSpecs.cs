using System.Net;
using MassMessaging.Tests.Harness;
using MassMessaging.WhatsApp.Cloud;

namespace MassMessaging.Tests.WhatsApp.Cloud;

public sealed class CloudWebhookSpecs(TestApp app, TestCluster cluster) : IClassFixture<TestApp>
{
    private const string Waiting = "select count(*) from message where queue = 'receipts'";

    [Fact]
    public async Task The_handshake_echoes_the_challenge_to_who_knows_the_token()
    {
        var advisor = await CloudAdvisor.Of(app, connects: false);
        using var client = app.Anonymous();
        async Task<HttpResponseMessage> Ask(string query) => await client.GetAsync($"{CloudAdvisor.Route}?{query}");

        var right = await Ask($"hub.mode=subscribe&hub.verify_token={advisor.VerifyToken}&hub.challenge=1158201444");
        Assert.Equal(("1158201444", "text/plain"), (await right.Content.ReadAsStringAsync(), right.Content.Headers.ContentType?.MediaType));
        foreach (var query in new[]
        {
            "", "hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1", $"hub.mode=unsubscribe&hub.verify_token={advisor.VerifyToken}&hub.challenge=1",
            $"hub.mode=subscribe&hub.verify_token={advisor.VerifyToken}", "hub.mode=subscribe&hub.verify_token=&hub.challenge=1",
        })
        {
            var refused = await Ask(query);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Contains("webhook-token-wrong", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_rightly_signed_is_stored_before_the_answer_whatever_it_says()
    {
        await using var own = await TestApp.Start(cluster, new TestAppOptions());
        var advisor = await CloudAdvisor.Of(own);
        string[] bodies =
        [
            advisor.About("\"statuses\":[]"), advisor.About("\"new\":{\"field\":\"\\u00e1 👋\"}"),
            $$"""{"phone_number_id":"{{advisor.Number.Id}}" and then no json""",
            $$$"""{"entry":[{"id":"{{{advisor.Number.Account.Id}}}","changes":[{"field":"account_update","value":{"event":"X"}}]}]}""",
        ];
        foreach (var body in bodies) Assert.Equal(HttpStatusCode.OK, (await advisor.Notify(body)).StatusCode);

        Assert.Equal(bodies.Length, await own.Database.Value<long>(Waiting));
        await own.Drain();
        Assert.Equal(0, await own.Database.Value<long>(Waiting));
    }

    [Fact]
    public async Task A_forged_signature_is_refused_and_nothing_is_stored()
    {
        await using var own = await TestApp.Start(cluster, new TestAppOptions());
        var advisor = await CloudAdvisor.Of(own);
        var body = advisor.About("\"statuses\":[]");
        var right = CloudAdvisor.Sign(body, advisor.Number.Account.AppSecret);
        foreach (var forged in new[]
        {
            null, "", "sha256=", right[..^1], right[7..], $"sha1={right[7..]}", right + "0", $"sha256={new string('z', 64)}",
            CloudAdvisor.Sign(body, "another"), CloudAdvisor.Sign(body + " ", advisor.Number.Account.AppSecret), CloudAdvisor.Sign(body, ""),
        })
        {
            var answer = await CloudAdvisor.Notify(own, body, null, forged);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        Assert.Equal(0, await own.Database.Value<long>(Waiting));
        Assert.Equal(HttpStatusCode.OK, (await CloudAdvisor.Notify(own, body, null, $"sha256={right[7..].ToUpperInvariant()}")).StatusCode);
    }

    [Fact]
    public async Task A_signature_of_one_app_says_nothing_about_anothers_number()
    {
        await using var own = await TestApp.Start(cluster, new TestAppOptions());
        var (mallory, victim) = (await CloudAdvisor.Of(own), await CloudAdvisor.Of(own));
        const string Open = "\"messages\":[{\"from\":\"5491133334444\",\"id\":\"wamid.X\",\"type\":\"text\",\"text\":{\"body\":\"hola\"}}]";
        var changes = $"{CloudAdvisor.Change(mallory.Number.Id, Open)},{CloudAdvisor.Change(victim.Number.Id, Open)}";
        var body = $$"""{"entry":[{"id":"1","changes":[{{changes}}]}]}""";

        Assert.Equal(HttpStatusCode.Unauthorized, (await mallory.Notify(victim.About(Open))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await mallory.Notify(body)).StatusCode);
        await own.Drain();

        Assert.Equal(mallory.Instance, await own.Database.Value<string>("select string_agg(instance, ',') from whatsapp_pair"));
    }

    [Fact]
    public async Task An_unknown_number_is_answered_200_and_forgotten()
    {
        var body = CloudAdvisor.About("404404404", "\"statuses\":[]");
        Assert.Equal(HttpStatusCode.OK, (await CloudAdvisor.Notify(app, body, "any")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await CloudAdvisor.Notify(app, "", "any")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await CloudAdvisor.Notify(app, "[[[[", "any")).StatusCode);
    }

    [Fact]
    public async Task More_than_three_mebibytes_are_too_much_and_without_a_database_it_is_to_come_again()
    {
        await using var own = await TestApp.Start(cluster, new TestAppOptions());
        var advisor = await CloudAdvisor.Of(own);
        var large = advisor.About($"\"x\":\"{new string('x', 3 * 1024 * 1024)}\"");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await advisor.Notify(large)).StatusCode);

        await advisor.Notify(advisor.About("\"statuses\":[]"));
        await own.Database.Execute("alter table message rename to message_away");
        var later = await advisor.Notify(advisor.About("\"statuses\":[]"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, later.StatusCode);
        Assert.NotNull(later.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_former_number_still_tells_what_became_of_its_messages()
    {
        var advisor = await CloudAdvisor.Of(app);
        await advisor.Advisor.Put("/api/whatsapp/config", new { gateway = "evolution" });
        Assert.Equal(HttpStatusCode.OK, (await advisor.Notify(advisor.About("\"statuses\":[]"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await advisor.Notify(advisor.About("\"statuses\":[]"), "wrong")).StatusCode);
    }

    [Theory]
    [InlineData("""{"metadata":{"phone_number_id":"123"}}""", "123", "")]
    [InlineData("""{"entry":[{"id":"9","changes":[{"value":{"metadata":{"phone_number_id":"123"},"messages":[{"id":"8"}]}}]}]}""", "123", "9")]
    [InlineData("""{"a":{"phone_number_id":123},"b":{"phone_number_id":"12a"},"c":{"phone_number_id":"\u0031"}}""", "", "")]
    [InlineData("""{"phone_number_id":"1","phone_number_id":"2"}{""", "1 2", "")]
    [InlineData("""{"\ud800":"\udc00","entry":[{"id":"9","changes":[{"field":"\ud800","\udc00":1,"value":{"metadata":{"phone_number_id":"123"}}}]}]}""", "123", "9")]
    [InlineData("not json", "", "")]
    public void Ids_are_read_in_one_pass_and_only_digits_count(string body, string numbers, string accounts)
    {
        var ids = CloudWebhookIds.Of(System.Text.Encoding.UTF8.GetBytes(body));
        Assert.Equal((numbers, accounts), (string.Join(' ', ids.Numbers), string.Join(' ', ids.Accounts)));
    }

    [Fact]
    public void A_body_names_so_many_numbers_and_no_more()
    {
        var many = string.Join(',', Enumerable.Range(1, 1000).Select(id => $"{{\"phone_number_id\":\"{id}\"}}"));
        Assert.Equal(50, CloudWebhookIds.Of(System.Text.Encoding.UTF8.GetBytes($"[{many}]")).Numbers.Count);
    }
}
