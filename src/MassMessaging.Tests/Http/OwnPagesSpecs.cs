using System.Net.Http.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Http;

/// <summary>What a browser sends by itself is no proof that its user wanted it.</summary>
public sealed class OwnPagesSpecs(TestCluster cluster)
{
    private const string App = "https://app.example.com";

    [Fact]
    public async Task With_the_cookie_only_own_pages_may_change_something()
    {
        await using var app = await TestApp.Start(cluster, new TestAppOptions
        {
            Settings = new Dictionary<string, string> { ["CORS_ORIGINS"] = App },
        });
        using var browser = await SignedIn(app);
        var own = app.Address.GetLeftPart(UriPartial.Authority);

        Assert.Equal(200, await Change(browser));
        Assert.Equal(200, await Change(browser, ("Origin", own)));
        Assert.Equal(200, await Change(browser, ("Origin", own), ("Sec-Fetch-Site", "same-origin")));
        Assert.Equal(200, await Change(browser, ("Origin", App), ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(403, await Change(browser, ("Origin", "https://evil.example.com"), ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(403, await Change(browser, ("Origin", "https://evil.example.com")));
        Assert.Equal(403, await Change(browser, ("Origin", "null")));
        Assert.Equal(403, await Change(browser, ("Sec-Fetch-Site", "same-site")));
    }

    [Fact]
    public async Task The_cookie_is_for_no_script_and_no_other_site()
    {
        await using var app = await TestApp.Start(cluster, new TestAppOptions
        {
            Settings = new Dictionary<string, string> { ["PUBLIC_URL"] = "https://mass.example.com" },
        });

        var cookie = (await SignIn(app)).Headers.GetValues("Set-Cookie").First(set => set.Contains("Identity.Application", StringComparison.Ordinal));

        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<int> Change(HttpClient browser, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/profile") { Content = JsonContent.Create(new { displayName = "Ana" }) };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await browser.SendAsync(request);
        if (!answer.IsSuccessStatusCode) Assert.Equal("cross-site-request", (await answer.ProblemBody()).GetProperty("code").GetString());
        return (int)answer.StatusCode;
    }

    private static async Task<HttpClient> SignedIn(TestApp app)
    {
        var browser = app.Anonymous();
        browser.DefaultRequestHeaders.Add("Cookie", (await SignIn(app)).Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        return browser;
    }

    private static async Task<HttpResponseMessage> SignIn(TestApp app)
    {
        var account = new { email = $"{Guid.NewGuid():n}@example.com", password = TestApp.Password };
        using var client = app.Anonymous();
        (await client.PostAsJsonAsync("/api/auth/register", account)).EnsureSuccessStatusCode();
        return (await client.PostAsJsonAsync("/api/auth/login?useCookies=true", account)).EnsureSuccessStatusCode();
    }
}
