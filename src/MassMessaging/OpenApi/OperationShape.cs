using System.Reflection;
using System.Text.Json.Nodes;
using MassMessaging.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MassMessaging.OpenApi;

/// <summary>Adds to an operation what its handler's parameters do not tell: body, paging, filters, problems, examples, sign-in.</summary>
internal static class OperationShape
{
    private const string Json = "application/json";

    public static async Task Complete(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var body = metadata.OfType<BodyShape>().LastOrDefault();
        if (body is not null) operation.RequestBody = await Body(body, context, ct);

        AddParameters(operation, metadata);
        AddExamples(operation, metadata);
        operation.Responses ??= [];
        operation.Responses["default"] = await Problem(metadata, operation.RequestBody is not null, context, ct);
        if (!metadata.OfType<IAllowAnonymous>().Any())
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(ApiDocument.Bearer, context.Document)] = [] }];
    }

    private static async Task<OpenApiRequestBody> Body(BodyShape body, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var schema = await SharedSchemas.OfBody(body.Type, context, ct);
        var media = new OpenApiMediaType { Schema = schema, Example = Examples.Of(body.Type) };
        return new OpenApiRequestBody { Content = new Dictionary<string, OpenApiMediaType> { [body.ContentType] = media } };
    }

    private static void AddParameters(OpenApiOperation operation, IList<object> metadata)
    {
        operation.Parameters ??= [];
        foreach (var asked in metadata.OfType<QueryShape>()) Add(operation, asked.Name, asked.Description, JsonSchemaType.String);
        var takes = metadata.OfType<MethodInfo>().SelectMany(method => method.GetParameters()).Select(parameter => parameter.ParameterType);
        if (!takes.Contains(typeof(Page))) return;

        Add(operation, "limit", $"Rows of a page, 1 to {Page.Most}; {Page.Default} if left out.", JsonSchemaType.Integer);
        Add(operation, "after", "The last id of the page before; the Link header names it.", JsonSchemaType.String);
    }

    private static void Add(OpenApiOperation operation, string name, string description, JsonSchemaType type) =>
        operation.Parameters!.Add(new OpenApiParameter
        {
            Name = name,
            In = ParameterLocation.Query,
            Description = description,
            Schema = new OpenApiSchema { Type = type },
        });

    private static void AddExamples(OpenApiOperation operation, IList<object> metadata)
    {
        foreach (var produced in metadata.OfType<IProducesResponseTypeMetadata>())
        {
            if (produced.Type is not { } shown || shown == typeof(void)) continue;
            if (operation.Responses?.TryGetValue($"{produced.StatusCode}", out var response) != true) continue;
            foreach (var media in response!.Content?.Values ?? []) media.Example ??= Examples.Of(shown);
        }

        if (operation.RequestBody?.Content?.TryGetValue(Json, out var request) != true || request!.Example is not null) return;
        if (metadata.OfType<IAcceptsMetadata>().LastOrDefault()?.RequestType is { } type) request.Example = Examples.Of(type);
    }

    private static async Task<OpenApiResponse> Problem(
        IList<object> metadata, bool hasBody, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var own = metadata.OfType<ProblemCodes>().LastOrDefault()?.Codes ?? [];
        var codes = own.Concat(hasBody ? SharedCodes.OfBodies : []).Concat(SharedCodes.All).Distinct().ToArray();
        return new OpenApiResponse
        {
            Description = $"A problem; code is one of {string.Join(", ", codes)}.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Http.Problem.ContentType] = new()
                {
                    Schema = await SharedSchemas.Of(typeof(ProblemBody), context, ct),
                    Example = Examples.Of(Problems.OfStatus(StatusCodes.Status404NotFound).ToBody()),
                },
            },
            Extensions = new Dictionary<string, IOpenApiExtension>
            {
                ["x-codes"] = new JsonNodeExtension(new JsonArray([.. codes.Select(code => JsonValue.Create(code))])),
            },
        };
    }
}
