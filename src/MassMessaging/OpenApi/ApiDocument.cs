using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MassMessaging.OpenApi;

/// <summary>OpenAPI 3.1 at <c>/openapi/v1.json</c>, and the page to read and try it at <c>/docs</c>, served from here.</summary>
public static class ApiDocument
{
    public const string Path = "/openapi/v1.json";
    public const string Bearer = "bearer";
    public const string Cookie = "cookie";
    public const string Ticket = "ticket";

    private const string Description = """
        Campaigns over WhatsApp: clients, message templates, campaigns and what became of each message. Sign in with `login` and send the
        access token as `Authorization: Bearer …`. Every refusal is a problem (RFC 9457) with a stable `code`.
        """;

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddDocumentTransformer(Introduce);
        options.AddOperationTransformer(OperationShape.Complete);
        options.AddSchemaTransformer(SharedSchemas.Correct);
    });

    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi().AllowAnonymous().ExcludeFromDescription();
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "docs";
            page.DocumentTitle = "MassMessaging API";
            page.SwaggerEndpoint(Path, "v1");
        });
    }

    private static Task Introduce(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken ct)
    {
        document.Info = new OpenApiInfo { Title = "MassMessaging", Version = "v1", Description = Description };
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "The access token that `login` answers, a token of the configured external issuer, or an API key (`mmk_…`), "
                + "which must have the scope named with the operation: `read`, `write`, `send` or `operate`. Operations that name none take no key.",
        };
        document.Components.SecuritySchemes[Cookie] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = ".AspNetCore.Identity.Application",
            Description = "Set by `login?useCookies=true`.",
        };
        document.Components.SecuritySchemes[Ticket] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Query, Name = "ticket",
            Description = "Of `createStreamTicket`: opens one event stream within 60 s.",
        };
        return Task.CompletedTask;
    }
}
