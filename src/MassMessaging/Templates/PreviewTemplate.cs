using System.Data.Common;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Templates;

public sealed record TemplatePreview(string Text, IReadOnlyList<TextWarning> Warnings);

/// <summary>
/// <c>POST /api/campaign-templates/preview</c>: as it would read if it were sent now; without a client, to an invented one.
/// </summary>
public static class PreviewTemplate
{
    private const string SelectAdvisor =
        "select display_name, coalesce(phone, ''), coalesce(business_name, ''), time_zone from profile where id = @profile";

    private const string SelectClient = "select name, phone from client where profile_id = @profile and id = @client";

    private static readonly (string Name, string Phone) Invented = ("María Pérez", "+5491123456789");

    public static void Map(IEndpointRouteBuilder templates) => templates.MapPost("/preview", Post)
        .Documented(
            "previewTemplate", "Renders a message for one client, as if sent now.",
            "validation-failed", "template-variable-unknown", "not-found")
        .Takes<PreviewBody>().Produces<TemplatePreview>();

    private static async Task<IResult> Post(Caller caller, Fields body, IStore store, CancellationToken ct)
    {
        var content = TemplateBody.ReadContent(body, "content", required: true);
        var clientId = body.Id("clientId");
        if (body.AreWrong || content is null) return body.Problem();

        var clients = clientId is null
            ? [Invented]
            : await store.Query(
                SelectClient, row => (row.GetString(0), row.GetString(1)), ct, ("profile", caller.ProfileId), ("client", clientId));
        var advisors = await store.Query(SelectAdvisor, Advisor.Read, ct, ("profile", caller.ProfileId));
        if (clients is not [var client] || advisors is not [var advisor]) return Problems.NotFound();

        var values = new MessageValues(
            client.Item1, client.Item2, advisor.Name, advisor.Phone, advisor.Business, store.Clock.GetUtcNow(), advisor.TimeZone);
        return TypedResults.Ok(new TemplatePreview(MessageText.Render(content, values), MessageText.Warnings(content)));
    }

    private sealed record Advisor(string Name, string Phone, string Business, string TimeZone)
    {
        public static Advisor Read(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3));
    }

    private sealed record PreviewBody(string Content, Guid? ClientId);
}
