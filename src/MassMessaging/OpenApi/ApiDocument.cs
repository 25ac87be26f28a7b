using Microsoft.OpenApi;

namespace MassMessaging.OpenApi;

/// <summary>OpenAPI 3.1 at <c>/openapi/v1.json</c>, and the page to read and try it at <c>/docs</c>, served from here.</summary>
public static class ApiDocument
{
    public const string Path = "/openapi/v1.json";

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
    });

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi().ExcludeFromDescription();
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = "MassMessaging API";
            page.SwaggerEndpoint(Path, "v1");
        });
    }
}
