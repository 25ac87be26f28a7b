using MassMessaging.Http;

namespace MassMessaging.Templates;

public static class TemplatesFeature
{
    public static Feature Feature { get; } = new("Templates", Routes: Map);

    private static void Map(IEndpointRouteBuilder api)
    {
        var templates = api.MapGroup("/campaign-templates").WithTags("Templates").ScopedByMethod();
        ListTemplates.Map(templates);
        CreateTemplate.Map(templates);
        ReadTemplate.Map(templates);
        UpdateTemplate.Map(templates);
        DeleteTemplate.Map(templates);
        ValidateTemplate.Map(templates);
        PreviewTemplate.Map(templates);
        TemplateUse.Map(templates);
    }
}
