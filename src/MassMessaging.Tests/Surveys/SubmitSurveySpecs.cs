using System.Net;
using System.Text.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Surveys;

public sealed class SubmitSurveySpecs(TestApp app, TestCluster cluster) : IClassFixture<TestApp>
{
    [Fact]
    public async Task What_a_visitor_answers_without_signing_in_the_advisor_reads()
    {
        var surveys = await SurveyCalls.Of(app);

        using var answer = await surveys.Submit(new
        {
            visitorName = " Ana  Pérez ", visitorPhone = "55 1234-5678", visitorEmail = "ana@example.com",
            answers = new { duerme = 7.5, dolores = new[] { "espalda", "cuello" }, nota = "«así» 👩‍👩‍👧", nada = (string?)null }, profileId = Guid.NewGuid(),
        });
        var received = await answer.Json();
        var row = (await surveys.Advisor.Get(SurveyCalls.Route)).Body[0];

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(["id", "createdAt"], received.EnumerateObject().Select(field => field.Name));
        Assert.Equal(
            ["id", "profileId", "visitorName", "visitorPhone", "visitorEmail", "answers", "clientId", "createdAt"],
            row.EnumerateObject().Select(field => field.Name));
        Assert.Equal(received.GetProperty("id").GetString(), row.GetProperty("id").GetString());
        Assert.Equal(("Ana Pérez", "55 1234-5678"), (row.GetProperty("visitorName").GetString(), row.GetProperty("visitorPhone").GetString()));
        Assert.Equal("espalda", row.GetProperty("answers").GetProperty("dolores")[0].GetString());
        Assert.Equal("«así» 👩‍👩‍👧", row.GetProperty("answers").GetProperty("nota").GetString());
        Assert.Equal(JsonValueKind.Null, row.GetProperty("clientId").ValueKind);
    }

    [Theory]
    [InlineData("""{}""", "validation-failed", "answers,visitorName")]
    [InlineData("""{"visitorName":" \t","answers":{}}""", "validation-failed", "visitorName")]
    [InlineData("""{"visitorName":7,"visitorPhone":5512345678,"answers":[]}""", "validation-failed", "answers,visitorName,visitorPhone")]
    [InlineData("""{"visitorName":"Ana","visitorEmail":"no","answers":{}}""", "email-invalid", "visitorEmail")]
    [InlineData("""{"visitorName":"Ana","answers":{"a":1e200000}}""", "validation-failed", "answers")]
    [InlineData("""{"visitorName":"Ana","answers":{"a":1e-200000000}}""", "validation-failed", "answers")]
    [InlineData("""{"visitorName":"Ana","answers":{"a":[[[[[[[[1]]]]]]]]}}""", "validation-failed", "answers")]
    [InlineData("""{"visitorName":"Ana","answers":{"a":"\u0000"}}""", "validation-failed", "answers.a")]
    public async Task What_cannot_be_kept_is_refused_by_name(string body, string code, string fields)
    {
        var surveys = await SurveyCalls.Of(app);

        using var answer = await surveys.Submit(JsonElement.Parse(body));
        var problem = await answer.ProblemBody();

        Assert.Equal((HttpStatusCode.BadRequest, code), (answer.StatusCode, problem.GetProperty("code").GetString()));
        Assert.Equal(fields, string.Join(',', problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal)));
        Assert.Equal(0, await surveys.Kept());
    }

    [Fact]
    public async Task Answers_may_have_16_KiB_and_a_body_64()
    {
        var surveys = await SurveyCalls.Of(app);
        object Answering(int bytes) => new { visitorName = "Ana", answers = new { a = new string('x', bytes - """{"a":""}""".Length) } };

        using var most = await surveys.Submit(Answering(16 * 1024));
        using var tooMany = await surveys.Submit(Answering(16 * 1024 + 1));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.BadRequest), (most.StatusCode, tooMany.StatusCode));
        Assert.Equal((413, "body-too-large"), await surveys.Submit(Answering(70_000)).Problem());
    }

    [Fact]
    public async Task What_only_programs_fill_in_is_answered_alike_and_not_kept()
    {
        var surveys = await SurveyCalls.Of(app);

        using var trapped = await surveys.Submit(new { visitorName = "Bot", answers = new { }, website = "https://spam.example" });
        using var person = await surveys.Submit(new { visitorName = "Ana", answers = new { }, website = "" });

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (trapped.StatusCode, person.StatusCode));
        Assert.Equal(
            (await person.Json()).EnumerateObject().Select(field => field.Name), (await trapped.Json()).EnumerateObject().Select(field => field.Name));
        Assert.Equal(1, await surveys.Kept());
    }

    [Fact]
    public async Task A_page_that_nobody_has_is_not_found()
    {
        using var visitor = app.Anonymous();

        Assert.Equal((404, "not-found"), await visitor.PostAsync(
            new Uri("/api/public/nadie-aqui/health-survey", UriKind.Relative),
            new StringContent("""{"visitorName":"Ana","answers":{}}""", System.Text.Encoding.UTF8, "application/json")).Problem());
    }

    [Fact]
    public async Task An_address_that_submits_too_often_waits()
    {
        await using var strict = await TestApp.Start(
            cluster, new TestAppOptions { Settings = new Dictionary<string, string> { ["SURVEY_LIMIT_PER_MINUTE"] = "2" } });
        var surveys = await SurveyCalls.Of(strict);
        await surveys.Has();
        await surveys.Has();

        using var refused = await surveys.Submit(new { visitorName = "Ana", answers = new { } });

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("rate-limited", (await refused.ProblemBody()).GetProperty("code").GetString());
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(2, await surveys.Kept());
    }

    [Fact]
    public void The_limit_is_10_a_minute_unless_set() =>
        Assert.Equal(10, Settings.Read(new Microsoft.Extensions.Configuration.ConfigurationBuilder().Build()).SurveysPerMinute);
}
