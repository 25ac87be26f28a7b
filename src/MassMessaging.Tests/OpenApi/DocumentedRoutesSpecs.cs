using System.Text.RegularExpressions;
using MassMessaging.Http;
using MassMessaging.Tests.Harness;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.OpenApi;

public sealed partial class DocumentedRoutesSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task The_document_is_OpenAPI_3_1_and_covers_every_route()
    {
        var document = await app.Anonymous().Get("/openapi/v1.json");
        var paths = document.GetProperty("paths");

        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.All(Routes(), route => Assert.True(
            paths.TryGetProperty(PathOf(route), out var operations) && operations.TryGetProperty(MethodOf(route).ToLowerInvariant(), out _),
            $"{MethodOf(route)} {PathOf(route)} is not in the document"));
    }

    [Fact]
    public void Every_route_has_a_name_a_summary_and_its_codes() => Assert.All(Routes(), route =>
    {
        Assert.NotNull(route.Metadata.GetMetadata<IEndpointNameMetadata>());
        Assert.NotEmpty(route.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary ?? "");
        Assert.NotNull(route.Metadata.GetMetadata<ProblemCodes>());
    });

    [Fact]
    public void Every_id_in_a_path_is_an_id_or_not_found() => Assert.All(
        Routes().SelectMany(route => route.RoutePattern.Parameters)
            .Where(part => part.Name.EndsWith("id", StringComparison.OrdinalIgnoreCase)),
        part => Assert.Contains(part.ParameterPolicies, policy => policy.Content == "guid"));

    [Fact]
    public void Every_code_of_a_route_is_explained_in_the_docs()
    {
        var documented = Code().Matches(Docs()).Select(match => match.Groups["code"].Value).ToHashSet();
        var used = Routes().SelectMany(route => route.Metadata.GetMetadata<ProblemCodes>()?.Codes ?? [])
            .Concat(SharedCodes.All).Concat(SharedCodes.OfBodies).Concat(SharedCodes.OfSignedIn).Concat(SharedCodes.OfIds)
            .Concat(SharedCodes.OfQueries).Concat(SharedCodes.OfWrites).Concat(SharedCodes.OfKeys).Concat(SharedCodes.OfLimits);

        Assert.DoesNotContain(used, code => !documented.Contains(code));
    }

    [Fact]
    public void Every_route_stands_in_the_docs()
    {
        var docs = Constraint().Replace(Docs(), "{}");
        var paths = Routes().Select(route => Constraint().Replace(PathOf(route), "{}"));

        Assert.DoesNotContain(paths, path => !docs.Contains($"{path}`", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_to_try_it_needs_nothing_from_elsewhere()
    {
        var page = await app.Anonymous().GetStringAsync("/docs/index.html");

        Assert.DoesNotContain("://", page, StringComparison.Ordinal);
    }

    private static string PathOf(RouteEndpoint route) =>
        "/" + Constraint().Replace(route.RoutePattern.RawText!, "{${name}}").Trim('/');

    private static string MethodOf(RouteEndpoint route) => route.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods[0];

    private static string Docs() => File.ReadAllText(Path.Combine(Root(), "docs", "api.md"));

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MassMessaging.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }

    private IEnumerable<RouteEndpoint> Routes() => app.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>()
        .Where(route => route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>()?.ExcludeFromDescription != true);

    [GeneratedRegex(@"^\| `(?<code>[a-z-]+)` \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"\{\*{0,2}(?<name>\w+)[^}]*\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Constraint();
}
