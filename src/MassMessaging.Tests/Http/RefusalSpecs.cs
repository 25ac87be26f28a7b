using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Http;

/// <summary>Refusals that no story of a feature comes across, each provoked once.</summary>
public sealed class RefusalSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task Each_is_answered_with_its_code()
    {
        var mine = await Neighbour.Of(app, "Ana");
        var instance = (await mine.Advisor.Get("/api/whatsapp/config"))["instance"].GetString()!;
        var (me, nobody) = (await app.Client(), app.Anonymous());
        var failed = new List<string>();
        foreach (var (client, method, path, body, code) in Table(mine, me, nobody, instance))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (body is not null) request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
            using var answer = await client.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            if (!text.Contains($"\"code\":\"{code}\"", StringComparison.Ordinal)) failed.Add($"{method} {path}: not {code}, but {text}");
        }

        Assert.True(failed.Count == 0, string.Join('\n', failed));
    }

    private static IEnumerable<(HttpClient Client, string Method, string Path, string? Body, string Code)> Table(
        Neighbour mine, HttpClient me, HttpClient nobody, string instance)
    {
        var own = mine.Advisor.Http;
        string At(string route) => mine.Paths(route)![0];
        return
        [
            (nobody, "GET", "/api/auth/confirmEmail", null, "validation-failed"),
            (nobody, "GET", $"/api/auth/confirmEmail?userId={Guid.NewGuid()}&code=x", null, "not-signed-in"),
            (nobody, "POST", "/api/auth/resendConfirmationEmail", """{"email":"ana@example.com"}""", "mail-not-configured"),
            (nobody, "POST", "/api/auth/resetPassword", """{"email":"ana@example.com","resetCode":"x","newPassword":"Correct-horse-8"}""",
                "mail-not-configured"),
            (me, "POST", "/api/auth/manage/info", """{"newEmail":"nobody"}""", "email-invalid"),
            (me, "POST", "/api/auth/manage/info", $$"""{"newPassword":"x","oldPassword":"{{TestApp.Password}}"}""", "password-too-weak"),
            (me, "POST", "/api/auth/manage/2fa", """{"enable":true,"twoFactorCode":"000000"}""", "token-invalid"),
            (own, "PUT", At("/api/campaign-templates/{id}"), """{"content":"Hola {nadie}"}""", "template-variable-unknown"),
            (own, "PUT", mine.Paths("/api/campaigns/{id}")![1], """{"messageContent":"Hola {nadie}"}""", "template-variable-unknown"),
            (own, "POST", At("/api/campaigns/{id}/audience/{memberId}/resolve"), """{"outcome":"failed","note":"nadie"}""", "member-not-in-doubt"),
            (nobody, "POST", $"/api/webhooks/evolution/{instance}/messages-update", "{}", "webhook-secret-wrong"),
            (nobody, "GET", "/api/webhooks/whatsapp-cloud?hub.mode=subscribe&hub.verify_token=x&hub.challenge=1", null, "webhook-token-wrong"),
            (nobody, "POST", "/api/webhooks/whatsapp-cloud", "{}", "webhook-signature-wrong"),
        ];
    }
}
