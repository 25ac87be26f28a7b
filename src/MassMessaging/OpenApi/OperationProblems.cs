using System.Text.Json.Nodes;
using MassMessaging.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.OpenApi;

namespace MassMessaging.OpenApi;

/// <summary>Every status that an operation may refuse with, each with its codes and what they mean.</summary>
internal static class OperationProblems
{
    public static async Task Add(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var schema = await SharedSchemas.Of(typeof(ProblemBody), context, ct);
        var byStatus =
            from code in Codes(operation, context.Description).Distinct()
            let known = KnownProblems.Of(code)
            from status in known.Statuses
            group known by status;
        RemoveForeign(operation);
        operation.Responses ??= [];
        foreach (var problems in byStatus)
        {
            IReadOnlyList<KnownProblem> known = [.. problems];
            var response = Response(schema, problems.Key, known);
            operation.Responses[$"{problems.Key}"] = known.Count == 1 ? Share(known[0].Code, response, context.Document!) : response;
        }
    }

    /// <summary>Identity documents refusals without codes; ours replace them.</summary>
    private static void RemoveForeign(OpenApiOperation operation)
    {
        var foreign = (operation.Responses ?? []).Where(response =>
            response.Key[0] is '4' or '5' && response.Value.Content?.ContainsKey("application/json") != true);
        foreach (var (status, _) in foreign.ToList()) operation.Responses!.Remove(status);
    }

    private static IEnumerable<string> Codes(OpenApiOperation operation, ApiDescription description)
    {
        var metadata = description.ActionDescriptor.EndpointMetadata;
        var isApi = description.RelativePath?.StartsWith("api/", StringComparison.Ordinal) == true;
        var isLimited = isApi && !metadata.OfType<DisableRateLimitingAttribute>().Any();
        var isSignedIn = isApi && !metadata.OfType<IAllowAnonymous>().Any();
        var takesJson = operation.RequestBody?.Content?.ContainsKey("application/json") == true;
        var hasId = description.ParameterDescriptions.Any(part => part.Source == BindingSource.Path && part.Type == typeof(Guid));
        var asks = operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Query) == true;
        var writes = isSignedIn && !HttpMethods.IsGet(description.HttpMethod ?? "");
        var takesKey = isApi && IdempotentRoutes.TakesKey(metadata, description.HttpMethod);
        return
        [
            .. metadata.OfType<ProblemCodes>().LastOrDefault()?.Codes ?? [],
            .. asks ? SharedCodes.OfQueries : [],
            .. takesJson ? SharedCodes.OfBodies : [],
            .. !isSignedIn ? [] : metadata.OfType<NotForKeys>().Any() ? SharedCodes.OfPersons : SharedCodes.OfSignedIn,
            .. isSignedIn && hasId ? SharedCodes.OfIds : [],
            .. writes ? SharedCodes.OfWrites : [],
            .. takesKey ? SharedCodes.OfKeys : [],
            .. isLimited ? SharedCodes.OfLimits : [],
            .. isApi ? SharedCodes.All : [],
        ];
    }

    /// <summary>What many routes refuse alike stands once in the document.</summary>
    private static OpenApiResponseReference Share(string code, OpenApiResponse response, OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Responses ??= new Dictionary<string, IOpenApiResponse>();
        document.Components.Responses[code] = response;
        return new OpenApiResponseReference(code, document);
    }

    private static OpenApiResponse Response(IOpenApiSchema schema, int status, IReadOnlyList<KnownProblem> problems)
    {
        var response = new OpenApiResponse
        {
            Description = string.Join("\n", problems.Select(problem => $"- `{problem.Code}`: {problem.Meaning}")),
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Http.Problem.ContentType] = new() { Schema = schema, Example = Example(status, problems[0]) },
            },
            Extensions = new Dictionary<string, IOpenApiExtension>
            {
                ["x-codes"] = new JsonNodeExtension(new JsonArray([.. problems.Select(problem => JsonValue.Create(problem.Code))])),
            },
        };
        if (status is 429 or 503) response.Headers = OperationHeaders.Named("Retry-After", "Seconds to wait.");
        return response;
    }

    private static JsonNode? Example(int status, KnownProblem problem) => Examples.Of(new Problem(
        status, problem.Code, problem.Meaning,
        problem.Code == "validation-failed" ? new Dictionary<string, string[]> { ["name"] = ["is required"] } : null).ToBody());
}
