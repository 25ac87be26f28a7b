using System.Text.Json.Serialization.Metadata;
using MassMessaging.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MassMessaging.OpenApi;

/// <summary>Schemas that operations refer to by name, instead of each holding a copy.</summary>
internal static class SharedSchemas
{
    public static async Task<IOpenApiSchema> Of(Type type, OpenApiOperationTransformerContext context, CancellationToken ct) =>
        Share(type.Name, await context.GetOrCreateSchemaAsync(type, null, ct), context.Document!);

    /// <summary>In a body only what cannot be null must be there: null and missing are the same to us.</summary>
    public static async Task<IOpenApiSchema> OfBody(Type type, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        var schema = await context.GetOrCreateSchemaAsync(type, null, ct);
        if (type == typeof(string)) return schema;

        AllowNulls(type, schema);
        var isPartial = HttpMethods.IsPut(context.Description.HttpMethod ?? "");
        schema.Required = isPartial
            ? new HashSet<string>()
            : schema.Properties?.Where(property => !MayBeNull(property.Value)).Select(property => property.Key).ToHashSet();
        var isAnswerToo = context.Description.SupportedResponseTypes.Any(answer => answer.Type == type);
        return Share(isAnswerToo ? $"{type.Name}Fields" : type.Name, schema, context.Document!);
    }

    /// <summary>What our own converter and left-out members hide from the generator.</summary>
    public static Task Correct(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken ct)
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(DateTimeOffset)) (schema.Type, schema.Format) = (JsonSchemaType.String, "date-time");
        if (type == typeof(DateTimeOffset?)) (schema.Type, schema.Format) = (JsonSchemaType.String | JsonSchemaType.Null, "date-time");
        // Nulls are written, so a field that an answer can have it has; Identity's requests may leave out theirs.
        if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object && !type.Name.EndsWith("Request", StringComparison.Ordinal))
            schema.Required = context.JsonTypeInfo.Properties
                .Where(property => property is { Get: not null, ShouldSerialize: null }).Select(property => property.Name).ToHashSet();
        return Task.CompletedTask;
    }

    /// <summary>A schema that is asked for by itself forgets which of its objects and lists may be null.</summary>
    private static void AllowNulls(Type type, OpenApiSchema schema)
    {
        foreach (var property in JsonConventions.Options.GetTypeInfo(type).Properties.Where(property => property.IsGetNullable))
        {
            if (schema.Properties?.TryGetValue(property.Name, out var found) == true && found is OpenApiSchema { Type: { } kinds } shape)
                shape.Type = kinds | JsonSchemaType.Null;
        }
    }

    private static OpenApiSchemaReference Share(string name, OpenApiSchema schema, OpenApiDocument document)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[name] = schema;
        return new OpenApiSchemaReference(name, document);
    }

    private static bool MayBeNull(IOpenApiSchema schema) =>
        schema.Type?.HasFlag(JsonSchemaType.Null) == true
        || (schema.OneOf ?? []).Any(choice => choice.Type == JsonSchemaType.Null);
}
