using MassMessaging.Http;

namespace MassMessaging.Templates;

/// <summary>What a body may say about a template; null is absent or wrong.</summary>
/// <param name="VariationId">When it is made: the assistant's variation that its text began as.</param>
public sealed record TemplateBody(
    string? Name, string? Content, string? Objective, MetaTemplate? MetaTemplate, Guid? VariationId = null)
{
    public const int MaxName = 255;
    public const int MaxObjective = 100;
    public const int MaxContent = 4096;

    /// <param name="body">Collects what is wrong.</param>
    /// <param name="isPartial">Then name and content may be missing, but not be emptied.</param>
    public static TemplateBody Read(Fields body, bool isPartial) => new(
        body.Text("name", MaxName, required: !isPartial || body.Has("name")),
        ReadContent(body, "content", required: !isPartial || body.Has("content")),
        body.Text("objective", MaxObjective),
        ReadMetaTemplate(body));

    /// <summary>A message with known variables only; unknown ones are <c>template-variable-unknown</c>.</summary>
    public static string? ReadContent(Fields body, string field, bool required)
    {
        var content = body.Text(field, MaxContent, required);
        if (content is not null) RefuseUnknown(body, field, MessageText.Unknown(content));
        return content;
    }

    public static MetaTemplate? ReadMetaTemplate(Fields body)
    {
        if (body.Object("metaTemplate") is not { } meta) return null;

        var name = meta.Text("name", 512, required: true);
        var language = meta.Text("language", 16, required: true);
        var parameters = meta.Texts("parameters", 50, 1024) ?? [];
        RefuseUnknown(meta, "parameters", [.. parameters.SelectMany(MessageText.Unknown).Distinct(StringComparer.Ordinal)]);
        return name is null || language is null ? null : new(name, language, parameters);
    }

    private static void RefuseUnknown(Fields body, string field, IReadOnlyList<string> unknown)
    {
        if (unknown.Count > 0) body.Wrong(field, $"has unknown variables: {string.Join(", ", unknown)}", "template-variable-unknown");
    }
}
