using MassMessaging.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MassMessaging.OpenApi;

/// <summary>Headers that an operation reads, and those that its answers carry.</summary>
internal static class OperationHeaders
{
    public static void Add(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var codes = metadata.OfType<ProblemCodes>().LastOrDefault()?.Codes ?? [];
        if (codes.Contains("precondition-failed"))
            Ask(operation, "If-Match", "The ETag of the version to change; another one is 412. Without it any version will do.");
        if (IdempotentRoutes.TakesKey(metadata, context.Description.HttpMethod))
            Ask(operation, IdempotentRoutes.Header, "1 to 255 visible ASCII characters: repeated within 24 hours, the same answer is given again.");
        if (metadata.OfType<Microsoft.AspNetCore.Authorization.IAllowAnonymous>().Any()) return;
        if (!HttpMethods.IsGet(context.Description.HttpMethod ?? "")) return;
        if (Answers(operation).Any(answer => answer.Content?.ContainsKey("text/event-stream") == true))
            Ask(operation, "Last-Event-ID", "The id of the last event that was read; the stream goes on behind it.");
    }

    public static void OfList(OpenApiOperation operation)
    {
        if (operation.Responses?.GetValueOrDefault("200") is not OpenApiResponse list) return;

        list.Headers = Named("X-Total-Count", "Rows of all pages; on the first page only.");
        list.Headers["Link"] = Header("""The next page: `<…>; rel="next"`; absent on the last.""");
    }

    public static Dictionary<string, IOpenApiHeader> Named(string name, string description) => new() { [name] = Header(description) };

    private static OpenApiHeader Header(string description) =>
        new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    private static IEnumerable<IOpenApiResponse> Answers(OpenApiOperation operation) => operation.Responses?.Values.AsEnumerable() ?? [];

    private static void Ask(OpenApiOperation operation, string name, string description) => operation.Parameters!.Add(new OpenApiParameter
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    });
}
