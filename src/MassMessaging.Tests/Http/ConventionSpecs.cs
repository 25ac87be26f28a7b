using System.Net;
using System.Net.Http.Headers;
using System.Text;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Http;

public sealed class ConventionSpecs(TestApp app, TestCluster cluster) : IClassFixture<TestApp>
{
    private const string Address = "/api/profile";

    [Fact]
    public async Task Who_is_not_signed_in_is_told_so() =>
        Assert.Equal((401, "not-signed-in"), await app.Anonymous().GetAsync(Address).Problem());

    [Fact]
    public async Task A_made_up_token_is_no_sign_in()
    {
        using var client = app.Anonymous();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "made-up");

        Assert.Equal((401, "not-signed-in"), await client.GetAsync(Address).Problem());
    }

    [Theory]
    [InlineData("/api/nowhere")]
    [InlineData("/nowhere")]
    [InlineData("/api/clients/no-id")]
    [InlineData("/api/campaigns/01980c5e-6c1f-7c3a-9d51-2f6f3a1b4c7d")]
    public async Task What_is_not_there_is_not_found(string address) =>
        Assert.Equal((404, "not-found"), await (await app.Client()).GetAsync(address).Problem());

    [Fact]
    public async Task A_method_that_an_address_does_not_take_is_refused() =>
        Assert.Equal((405, "method-not-allowed"), await (await app.Client()).DeleteAsync(Address).Problem());

    [Theory]
    [InlineData("{\"displayName\":")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{'displayName':'Ana'}")]
    public async Task What_is_no_JSON_object_is_refused(string body) =>
        Assert.Equal((400, "invalid-json"), await (await app.Client()).PutText(Address, body).Problem());

    [Fact]
    public async Task What_is_not_UTF8_is_refused()
    {
        var body = new ByteArrayContent([.. "{\"displayName\":\"Mar"u8, 0xED, .. "a\"}"u8]);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        Assert.Equal((400, "invalid-json"), await (await app.Client()).PutAsync(Address, body).Problem());
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    public async Task Another_content_type_is_refused(string contentType) => Assert.Equal(
        (415, "unsupported-media-type"), await (await app.Client()).PutText(Address, "{}", contentType).Problem());

    [Fact]
    public async Task A_body_of_more_than_a_mebibyte_is_refused()
    {
        var body = $$"""{"displayName":"{{new string('a', 1024 * 1024)}}"}""";

        using var client = await app.Client();
        client.DefaultRequestHeaders.ExpectContinue = true; // a server that refuses a body unread may cut the connection

        Assert.Equal((413, "body-too-large"), await client.PutText(Address, body).Problem());
    }

    [Fact]
    public async Task A_body_that_hides_its_size_is_refused_as_well()
    {
        using var client = await app.Client();
        using var request = new HttpRequestMessage(HttpMethod.Put, Address) { Content = new StreamContent(new Endless(2 * 1024 * 1024)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = true;

        Assert.Equal((413, "body-too-large"), await client.SendAsync(request).Problem());
    }

    [Theory]
    [InlineData("""{"displayName":"a\u0000b"}""", "displayName")]
    [InlineData("""{"colour":["\u0000"]}""", "colour")]
    [InlineData("""{"assistant":{"tone":"\ud800"}}""", "assistant.tone")]
    public async Task Text_that_cannot_be_stored_is_refused(string body, string field) =>
        Assert.Equal([field], await (await app.Client()).PutText(Address, body).WrongFields());

    [Fact]
    public async Task Wrong_paging_is_named() =>
        Assert.Equal(["after", "limit"], await (await app.Client()).GetAsync("/api/clients?limit=0&after=x").WrongFields());

    [Fact]
    public async Task A_user_is_limited_per_minute_and_told_when_to_go_on()
    {
        await using var strict = await TestApp.Start(cluster, new TestAppOptions
        {
            Settings = new Dictionary<string, string> { ["RATE_LIMIT_PER_MINUTE"] = "3" },
        });
        var client = await strict.Client();
        foreach (var _ in Enumerable.Range(0, 3)) await client.Get(Address);

        using var fourth = await client.GetAsync(Address);

        Assert.Equal(HttpStatusCode.TooManyRequests, fourth.StatusCode);
        Assert.True(fourth.Headers.RetryAfter?.Delta > TimeSpan.Zero);
    }

    [Fact]
    public async Task Only_the_origins_configured_may_call_from_a_browser()
    {
        await using var open = await TestApp.Start(cluster, new TestAppOptions
        {
            Settings = new Dictionary<string, string> { ["CORS_ORIGINS"] = "https://app.example.com" },
        });
        using var client = open.Anonymous();

        Assert.Equal("https://app.example.com", await AllowedOrigin(client, "https://app.example.com"));
        foreach (var other in (string[])
        [
            "https://evil.example.com", "null", "http://app.example.com", "https://app.example.com:444", "https://app.example.com.evil.example",
            "https://evilapp.example.com", "https://sub.app.example.com", "https://app.example.com@evil.example", "https://app.example.co", "*",
        ])
        {
            Assert.Null(await AllowedOrigin(client, other));
        }
    }

    [Fact]
    public async Task A_forwarded_address_counts_only_from_a_trusted_proxy()
    {
        var untrusting = new Dictionary<string, string> { ["SIGN_IN_LIMIT_PER_MINUTE"] = "1" };
        await using var direct = await TestApp.Start(cluster, new TestAppOptions { Settings = untrusting });
        await using var proxied = await TestApp.Start(cluster, new TestAppOptions
        {
            Settings = new Dictionary<string, string>(untrusting) { ["TRUSTED_PROXIES"] = "127.0.0.0/8" },
        });

        Assert.Equal("401, 429", await TwoSignIns(direct));
        Assert.Equal("401, 401", await TwoSignIns(proxied));
    }

    private static async Task<string> TwoSignIns(TestApp service)
    {
        using var client = service.Anonymous();
        var statuses = new List<int>();
        foreach (var address in (string[])["203.0.113.1", "203.0.113.2"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/login");
            request.Headers.Add("X-Forwarded-For", address);
            request.Content = new StringContent("""{"email":"ana@example.com","password":"x"}""", Encoding.UTF8, "application/json");
            using var answer = await client.SendAsync(request);
            statuses.Add((int)answer.StatusCode);
        }

        return string.Join(", ", statuses);
    }

    private static async Task<string?> AllowedOrigin(HttpClient client, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.Add("Origin", origin);
        using var answer = await client.SendAsync(request);
        return answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? allowed.Single() : null;
    }

    /// <summary>So many blanks, without a length.</summary>
    private sealed class Endless(int bytes) : MemoryStream(Encoding.UTF8.GetBytes(new string(' ', bytes)))
    {
        public override bool CanSeek => false;
    }
}
