using System.Reflection;
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

        if (operation.OperationId?.EndsWith("/confirmEmail", StringComparison.Ordinal) == true) operation.OperationId = "confirmEmail";
        AddParameters(operation, metadata);
        AddUnboundParts(operation, context.Description.RelativePath ?? "");
        AddExamples(operation, metadata);
        OperationHeaders.Add(operation, context);
        await OperationProblems.Add(operation, context, ct);
        if (!metadata.OfType<IAllowAnonymous>().Any()) operation.Security = [.. Proofs(operation, context)];
    }

    /// <summary>Any one of them will do. OpenAPI 3.1 lets every scheme name the scopes that it must have.</summary>
    private static IEnumerable<OpenApiSecurityRequirement> Proofs(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var scopes = context.Description.ActionDescriptor.EndpointMetadata.OfType<NeededScope>().Take(1).Select(needed => ScopeCheck.Word(needed.Scope));
        yield return new() { [new OpenApiSecuritySchemeReference(ApiDocument.Bearer, context.Document)] = [.. scopes] };
        yield return new() { [new OpenApiSecuritySchemeReference(ApiDocument.Cookie, context.Document)] = [] };
        var streams = HttpMethods.IsGet(context.Description.HttpMethod ?? "")
            && operation.Responses?.GetValueOrDefault("200")?.Content?.ContainsKey("text/event-stream") == true;
        if (streams) yield return new() { [new OpenApiSecuritySchemeReference(ApiDocument.Ticket, context.Document)] = [] };
    }

    private static async Task<OpenApiRequestBody> Body(BodyShape body, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var schema = await SharedSchemas.OfBody(body.Type, context, ct);
        var media = new OpenApiMediaType { Schema = schema, Example = Examples.As(body.ContentType, body.Type) };
        return new OpenApiRequestBody { Content = new Dictionary<string, OpenApiMediaType> { [body.ContentType] = media } };
    }

    private static void AddParameters(OpenApiOperation operation, IList<object> metadata)
    {
        operation.Parameters ??= [];
        foreach (var asked in metadata.OfType<QueryShape>()) Add(operation, asked.Name, asked.Description, JsonSchemaType.String);
        var takes = metadata.OfType<MethodInfo>().SelectMany(method => method.GetParameters()).Select(parameter => parameter.ParameterType);
        if (!takes.Contains(typeof(Page))) return;

        OperationHeaders.OfList(operation);
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

    /// <summary>Parts of the path that no handler reads are parameters all the same.</summary>
    private static void AddUnboundParts(OpenApiOperation operation, string path)
    {
        var parts = path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}').Split(':')[0]);
        foreach (var name in parts.Where(name => operation.Parameters!.All(known => known.Name != name)))
        {
            operation.Parameters!.Add(new OpenApiParameter
            {
                Name = name, In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }
    }

    private static void AddExamples(OpenApiOperation operation, IList<object> metadata)
    {
        foreach (var produced in metadata.OfType<IProducesResponseTypeMetadata>())
        {
            if (produced.Type is not { } shown || shown == typeof(void)) continue;
            if (operation.Responses?.TryGetValue($"{produced.StatusCode}", out var response) != true) continue;
            foreach (var (type, media) in response!.Content ?? new Dictionary<string, OpenApiMediaType>())
                media.Example ??= Examples.As(type, shown);
        }

        if (operation.RequestBody?.Content?.TryGetValue(Json, out var request) != true || request!.Example is not null) return;
        if (metadata.OfType<IAcceptsMetadata>().LastOrDefault()?.RequestType is { } taken) request.Example = Examples.Of(taken);
    }
}
