using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MassMessaging.OpenApi;

/// <summary>Schemas that operations refer to by name, instead of each holding a copy.</summary>
internal static class SharedSchemas
{
    public static async Task<IOpenApiSchema> Of(Type type, OpenApiOperationTransformerContext context, CancellationToken ct) =>
        Share(type, await context.GetOrCreateSchemaAsync(type, null, ct), context.Document!);

    /// <summary>In a body only what cannot be null must be there: null and missing are the same to us.</summary>
    public static async Task<IOpenApiSchema> OfBody(Type type, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var schema = await context.GetOrCreateSchemaAsync(type, null, ct);
        schema.Required = schema.Properties?.Where(property => !MayBeNull(property.Value)).Select(property => property.Key).ToHashSet();
        return Share(type, schema, context.Document!);
    }

    private static OpenApiSchemaReference Share(Type type, OpenApiSchema schema, OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[type.Name] = schema;
        return new OpenApiSchemaReference(type.Name, document);
    }

    private static bool MayBeNull(IOpenApiSchema schema) =>
        schema.Type?.HasFlag(JsonSchemaType.Null) == true
        || (schema.OneOf ?? []).Any(choice => choice.Type == JsonSchemaType.Null);
}
