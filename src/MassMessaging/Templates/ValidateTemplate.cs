using MassMessaging.Http;

namespace MassMessaging.Templates;

/// <param name="InvalidVariables">Those nobody knows, with braces.</param>
public sealed record TemplateVerdict(
    bool Valid, IReadOnlyList<string> Variables, IReadOnlyList<string> InvalidVariables, IReadOnlyList<TextWarning> Warnings);

/// <summary><c>POST /api/campaign-templates/validate</c>, and <c>GET …/variables</c>.</summary>
public static class ValidateTemplate
{
    public static void Map(IEndpointRouteBuilder templates)
    {
        templates.MapGet("/variables", () => TypedResults.Ok(Variable.All))
            .Documented("listVariables", "The variables that a message may hold.").Produces<Variable[]>();
        templates.MapPost("/validate", Post)
            .Documented("validateTemplate", "Tells whether a message may be kept, and what to look at again.", "validation-failed")
            .Takes<ContentBody>().Produces<TemplateVerdict>();
    }

    public static TemplateVerdict Judge(string content)
    {
        var unknown = MessageText.Unknown(content);
        return new(unknown.Count == 0, MessageText.Variables(content), unknown, MessageText.Warnings(content));
    }

    private static IResult Post(Fields body)
    {
        var content = body.Text("content", TemplateBody.MaxContent, required: true);
        return content is null ? body.Problem() : TypedResults.Ok(Judge(content));
    }

    private sealed record ContentBody(string Content);
}
