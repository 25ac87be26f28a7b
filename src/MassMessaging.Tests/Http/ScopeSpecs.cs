using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MassMessaging.Http;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Profiles.ApiKeys;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Http;

public sealed class ScopeSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string Somebody = "01980c5e-6c1f-7c3a-9d51-2f6f3a1b4c7d";

    private static readonly string[] All = ["read", "write", "send", "operate"];

    private static readonly string[] Sends =
    [
        "sendCampaign", "scheduleCampaign", "resumeCampaign", "retryFailed", "testSendCampaign",
    ];

    /// <summary>POSTs that change nothing.</summary>
    private static readonly string[] ReadByPost = ["createStreamTicket", "verifyProof"];

    [Fact]
    public void Every_route_that_asks_who_is_there_says_with_which_scope_or_that_no_key_will_do() => Assert.Empty(
        from route in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where route.RoutePattern.RawText?.StartsWith("/api", StringComparison.Ordinal) == true
        where route.Metadata.GetMetadata<IAllowAnonymous>() is null
        where route.Metadata.GetMetadata<NeededScope>() is null && route.Metadata.GetMetadata<NotForKeys>() is null
        select route.DisplayName);

    [Fact]
    public void Who_reads_needs_read_who_changes_write_who_sends_send() => Assert.Empty(
        from route in app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let needed = route.Metadata.GetMetadata<NeededScope>()
        where needed is not null
        let name = route.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName
        let isGet = route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods is ["GET"]
        let expected = route.RoutePattern.RawText!.StartsWith("/api/operations", StringComparison.Ordinal) ? Scope.Operate
            : Sends.Contains(name) ? Scope.Send
            : isGet || ReadByPost.Contains(name) ? Scope.Read : Scope.Write
        where needed.Scope != expected
        select $"{name} needs {needed.Scope}, not {expected}");

    [Fact]
    public async Task A_key_without_the_scope_is_refused_on_every_route_and_the_scope_named()
    {
        var owner = await app.Client();
        var without = new Dictionary<string, HttpClient>();
        foreach (var scope in All) without[scope] = app.With(await owner.HasKey([.. All.Where(other => other != scope)]));
        using var whole = app.With(await owner.HasKey(All));

        foreach (var route in (await Route.All(app)).Where(route => route.IsSignedIn))
        {
            var scope = route.Operation.GetProperty("security")[0].GetProperty("bearer").EnumerateArray().Select(one => one.GetString()!).SingleOrDefault();
            using var answer = await route.Ask(scope is null ? whole : without[scope], Filled(route));
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{route}: {answer.StatusCode} {text}");
            Assert.Equal(scope is null ? "key-not-allowed" : "scope-missing", JsonElement.Parse(text).GetProperty("code").GetString());
            if (scope is null) continue;

            Assert.Contains($" {scope},", JsonElement.Parse(text).GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.Equal($"Bearer error=\"insufficient_scope\", scope=\"{scope}\"", $"{answer.Headers.WwwAuthenticate}");
        }
    }

    [Fact]
    public async Task With_one_scope_a_key_may_what_that_names()
    {
        var owner = await app.Client();
        using var reads = app.With(await owner.HasKey(["read"]));
        using var writes = app.With(await owner.HasKey(["write"]));

        Assert.Equal(HttpStatusCode.OK, (await reads.GetAsync("/api/clients")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await writes.PostAsJsonAsync("/api/clients", new { name = "Ana", phone = "+5491155000001" })).StatusCode);
    }

    [Fact]
    public async Task To_send_by_way_of_a_write_needs_the_scope_to_send_too()
    {
        var owner = new Advisor(await app.Client());
        var writer = new Advisor(app.With(await owner.Http.HasKey(["read", "write"])));
        var scheduledAt = "2199-01-01T12:00:00Z";
        var draft = await owner.HasDraft();
        var scheduled = await owner.HasDraft();
        (await owner.Post($"/api/campaigns/{scheduled}/schedule", new { scheduledAt })).Is(HttpStatusCode.OK);
        var resolve = new { outcome = "resend", note = "otra vez", memberIds = (string[])[Somebody] };

        Answer[] refused =
        [
            await writer.Post("/api/campaigns", new { name = "Marzo", objective = "ventas", messageContent = "Hola", scheduledAt }),
            await writer.Put($"/api/campaigns/{draft}", new { scheduledAt }),
            await writer.Put($"/api/campaigns/{scheduled}", new { messageContent = "Otra cosa" }),
            await writer.Post($"/api/campaigns/{draft}/audience/{Somebody}/resolve", resolve),
            await writer.Post($"/api/campaigns/{draft}/audience/resolve", resolve),
        ];

        Assert.All(refused, answer => answer.Is(HttpStatusCode.Forbidden, "scope-missing"));
        (await writer.Put($"/api/campaigns/{draft}", new { messageContent = "Otra cosa" })).Is(HttpStatusCode.OK);
    }

    private static string Filled(Route route) =>
        string.Join('/', route.Path.Split('/').Select(part => part is ['{', ..] ? part == "{days}" ? "1" : Somebody : part));
}
