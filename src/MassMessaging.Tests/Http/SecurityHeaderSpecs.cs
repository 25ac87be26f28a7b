using System.Net;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Http;

public sealed class SecurityHeaderSpecs(TestApp app, TestCluster cluster) : IClassFixture<TestApp>
{
    [Theory]
    [InlineData("/api/profile")]
    [InlineData("/api/nowhere")]
    [InlineData("/health/live")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs/index.html")]
    public async Task Every_answer_tells_browsers_to_be_careful(string address)
    {
        using var answer = await app.Anonymous().GetAsync(address);

        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("DENY", Header(answer, "X-Frame-Options"));
        Assert.Equal("no-referrer", Header(answer, "Referrer-Policy"));
        Assert.Contains("frame-ancestors 'none'", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Null(Header(answer, "Server"));
        Assert.Null(Header(answer, "Strict-Transport-Security"));
    }

    [Fact]
    public async Task Refusals_from_the_middle_of_a_request_keep_them()
    {
        using var answer = await (await app.Client()).PutText("/api/profile", "[]");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("no-store", Header(answer, "Cache-Control"));
    }

    [Fact]
    public async Task The_page_to_try_it_runs_under_its_own_policy()
    {
        using var answer = await app.Anonymous().GetAsync("/docs/index.html");
        var page = await answer.Content.ReadAsStringAsync();

        Assert.Contains("script-src 'self';", Header(answer, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotMatch("<script(?![^>]*src=)[^>]*>", page);
    }

    [Fact]
    public async Task By_https_it_stays_at_https()
    {
        await using var proxied = await TestApp.Start(cluster, new TestAppOptions
        {
            Settings = new Dictionary<string, string> { ["TRUSTED_PROXIES"] = "127.0.0.1" },
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-For", "203.0.113.1");
        using var answer = await proxied.Anonymous().SendAsync(request);

        Assert.Equal("max-age=31536000", Header(answer, "Strict-Transport-Security"));
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
