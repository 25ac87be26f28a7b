using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.WhatsApp;

/// <summary>Whoever is not the gateway, and whatever they show: nothing of it is stored, and nobody's campaign hears of it.</summary>
public sealed class ForgedWebhookSpecs(TestCluster cluster)
{
    private const string Waiting = "select count(*) from message where queue = 'receipts'";
    private const string Evolution = "/api/webhooks/evolution/";

    [Fact]
    public async Task No_forgery_of_Evolution_is_stored()
    {
        await using var app = await TestApp.Start(cluster, new TestAppOptions());
        var (mine, victim) = (await Linked(app), await Linked(app));
        await app.Settle();
        using var client = app.Anonymous();
        var attempts = 0;
        async Task Refused(Func<HttpRequestMessage> forged, params HttpStatusCode[] expected)
        {
            attempts++;
            using var request = forged();
            using var answer = await client.SendAsync(request);
            Assert.True(expected.Contains(answer.StatusCode), $"{request.RequestUri} {request.Headers}: {answer.StatusCode}");
        }

        foreach (var shown in Forgeries.Shown(victim.Secret, mine.Secret, app.Simulator.ApiKey, victim.Instance))
        {
            foreach (var path in (string[])[victim.Instance, $"{victim.Instance}/messages-update", $"{victim.Instance}?secret={victim.Secret}&apikey={victim.Secret}"])
                await Refused(() => Request(path, Forgeries.Open, ("X-Webhook-Secret", shown)), HttpStatusCode.Unauthorized);
        }

        foreach (var (name, value) in Forgeries.Elsewhere(victim.Secret, app.Simulator.ApiKey, victim.Instance))
            await Refused(() => Request(victim.Instance, Forgeries.Open, (name, value)), HttpStatusCode.Unauthorized);

        // Another spelling is another instance, which nobody has: answered 200 as any, and forgotten.
        foreach (var name in (string[])[victim.Instance.ToUpperInvariant(), $"{victim.Instance}%20", $"%20{victim.Instance}", $"{victim.Instance}%2f", $"{victim.Instance};a", $"{victim.Instance}%27%20or%201=1", "*", "%25"])
            await Refused(() => Request(name, Forgeries.Open, ("X-Webhook-Secret", victim.Secret)), HttpStatusCode.OK, HttpStatusCode.NotFound);

        foreach (var method in (string[])["GET", "PUT", "PATCH", "DELETE"])
            await Refused(() => Request(victim.Instance, Forgeries.Open, method, ("X-Webhook-Secret", victim.Secret)), HttpStatusCode.MethodNotAllowed);
        foreach (var body in (string[])[new string('x', 1024 * 1024 + 1), new string('x', 200_000)])
            await Refused(() => Request(victim.Instance, body, ("X-Webhook-Secret", mine.Secret)), HttpStatusCode.Unauthorized);

        Assert.Equal(0, await app.Database.Value<long>(Waiting));
        TestContext.Current.TestOutputHelper?.WriteLine($"{attempts} forged webhooks of Evolution, all refused");
        Assert.True(attempts >= 150, $"only {attempts}");
    }

    [Fact]
    public async Task A_right_secret_of_one_instance_says_nothing_about_another_whatever_the_body_names()
    {
        await using var app = await TestApp.Start(cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });
        var (mallory, victim) = (await Linked(app), await Linked(app));
        await victim.Advisor.HasClient("Ana");
        var campaign = await victim.Advisor.HasDraft(new { all = true });
        (await victim.Advisor.Post($"/api/campaigns/{campaign}/send")).Is(HttpStatusCode.Accepted);
        await Eventually.True(() => Ended(app, victim, campaign), TimeSpan.FromSeconds(30), "the campaign is sent");
        var key = await app.Database.Value<string>($"select gateway_id from gateway_message where instance = '{victim.Instance}'") ?? "none";
        var before = await Of(app, victim);

        foreach (var body in (string[])
        [
            $$$"""{"event":"connection.update","instance":"{{{victim.Instance}}}","data":{"instance":"{{{victim.Instance}}}","state":"close","statusReason":401}}""",
            $$$"""{"event":"logout.instance","instance":"{{{victim.Instance}}}","data":{"instance":"{{{victim.Instance}}}"}}""",
            $$$"""{"event":"qrcode.updated","instance":"{{{victim.Instance}}}","data":{"instance":"{{{victim.Instance}}}","qrcode":{"base64":"x"} } }""",
            $$$"""{"event":"messages.update","instance":"{{{victim.Instance}}}","apikey":"{{{app.Simulator.ApiKey}}}","data":{"keyId":"{{{key}}}","fromMe":true,"status":"ERROR"}}""",
            $$$"""{"event":"messages.upsert","instance":"{{{victim.Instance}}}","data":{"key":{"id":"X1","remoteJid":"5491155000000@s.whatsapp.net","fromMe":false},"message":{"conversation":"BAJA"},"messageTimestamp":1770000000}}""",
        ])
        {
            using var answer = await app.Anonymous().SendAsync(Request(mallory.Instance, body, ("X-Webhook-Secret", mallory.Secret)));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await app.Settle();
        Assert.Equal(before, await Of(app, victim));
    }

    [Fact]
    public async Task A_body_that_is_replayed_changes_nothing_again()
    {
        await using var app = await TestApp.Start(cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });
        var mine = await Linked(app);
        await mine.Advisor.HasClient("Ana");
        var campaign = await mine.Advisor.HasDraft(new { all = true });
        (await mine.Advisor.Post($"/api/campaigns/{campaign}/send")).Is(HttpStatusCode.Accepted);
        await Eventually.True(() => Ended(app, mine, campaign), TimeSpan.FromSeconds(30), "the campaign is sent");
        var key = await app.Database.Value<string>($"select gateway_id from gateway_message where instance = '{mine.Instance}'") ?? "none";
        string[] bodies =
        [
            $$$"""{"event":"messages.update","data":{"keyId":"{{{key}}}","fromMe":true,"status":"READ"}}""",
            """{"event":"messages.upsert","data":{"key":{"id":"X1","remoteJid":"5491155000000@s.whatsapp.net","fromMe":false},"message":{"conversation":"hola"},"messageTimestamp":1770000000}}""",
        ];
        async Task Tell()
        {
            foreach (var body in bodies)
            {
                using var answer = await app.Anonymous().SendAsync(Request(mine.Instance, body, ("X-Webhook-Secret", mine.Secret)));
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
        }

        await Tell();
        await app.Settle();
        var once = await Of(app, mine);
        for (var times = 0; times < 20; times++) await Tell();
        await app.Settle();

        Assert.Equal(once, await Of(app, mine));
    }

    private static HttpRequestMessage Request(string path, string body, (string Name, string Value) header) => Request(path, body, "POST", header);

    private static HttpRequestMessage Request(string path, string body, string method, (string Name, string Value) header)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Evolution + path, UriKind.Relative))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (body.Length > 500_000) request.Headers.ExpectContinue = true; // a server that refuses a body unread may cut the connection
        request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        return request;
    }

    /// <summary>All that webhooks could change of a profile.</summary>
    private static async Task<string?> Of(TestApp app, Link link) => await app.Database.Value<string>($$"""
        select (select state || coalesce(state_reason, '') || coalesce(phone, '') from whatsapp_config where instance = '{{link.Instance}}')
            || (select string_agg(to_jsonb(a)::text, '' order by a.id) from campaign_audience a where a.profile_id = '{{link.Profile}}')
            || (select coalesce(string_agg(type || seq_id, '' order by seq_id), '') from mt_events where tenant_id = '{{link.Profile}}')
            || (select count(*) from campaign_reply where profile_id = '{{link.Profile}}')
            || (select count(*) from client where profile_id = '{{link.Profile}}' and opted_out_at is not null)
        """);

    private static async Task<bool> Ended(TestApp app, Link link, Guid campaign)
    {
        await app.Settle();
        return (await link.Advisor.Get($"/api/campaigns/{campaign}"))["status"].GetString() == "sent";
    }

    private static async Task<Link> Linked(TestApp app)
    {
        var client = await app.Client();
        (await client.PostAsync(new Uri("/api/whatsapp/connect", UriKind.Relative), null)).EnsureSuccessStatusCode();
        var instance = (await client.GetFromJsonAsync<JsonElement>("/api/whatsapp/config")).GetProperty("instance").GetString()!;
        var stored = await app.Database.Value<string>($"select webhook_secret from whatsapp_config where instance = '{instance}'");
        var protector = app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("MassMessaging.WhatsApp.WebhookSecret");
        return new(new Advisor(client), (await client.Get("/api/profile")).GetProperty("id").GetGuid(), instance, protector.Unprotect(stored!));
    }

    private sealed record Link(Advisor Advisor, Guid Profile, string Instance, string Secret);
}
