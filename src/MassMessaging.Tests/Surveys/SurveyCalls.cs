using System.Net;
using System.Net.Http.Json;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Surveys;

/// <summary>An advisor with a public page, and the visitors of it.</summary>
internal sealed class SurveyCalls(Advisor advisor, HttpClient visitor, string slug)
{
    public const string Route = "/api/health-survey";

    public Advisor Advisor => advisor;

    public string Page { get; } = $"/api/public/{slug}/health-survey";

    public static async Task<SurveyCalls> Of(TestApp app)
    {
        var advisor = await Advisor.Of(app);
        return new SurveyCalls(advisor, app.Anonymous(), (await advisor.Get("/api/profile"))["slug"].GetString()!);
    }

    public Task<HttpResponseMessage> Submit(object body) => visitor.PostAsJsonAsync(Page, body);

    /// <summary>The id of a survey that was kept.</summary>
    public async Task<Guid> Has(string? phone = null, string name = "Ana", string? email = null)
    {
        using var answer = await Submit(new { visitorName = name, visitorPhone = phone, visitorEmail = email, answers = new { duerme = 7 } });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Json()).GetProperty("id").GetGuid();
    }

    public Task<Answer> Convert(Guid survey) => advisor.Post($"{Route}/{survey}/create-client");

    public Task<Answer> ConvertAll(params Guid[] surveyIds) => advisor.Post($"{Route}/bulk-create-clients", new { surveyIds });

    public async Task<int> Kept() => (await advisor.Get(Route)).Body.GetArrayLength();
}
