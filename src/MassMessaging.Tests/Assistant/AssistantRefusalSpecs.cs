using System.Net;
using MassMessaging.Simulator.OpenAi;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Assistant;

/// <summary>What the model wrote and nobody sees.</summary>
public sealed class AssistantRefusalSpecs(TestApp app) : IClassFixture<TestApp>
{
    private OpenAiModel Model => app.Simulator.OpenAi;

    public static TheoryData<string> Asked => [Asks.Generate, Asks.Improve, Asks.Personalize, Asks.Suggest];

    [Theory]
    [InlineData(ModelAnswerKind.HealthClaim)]
    [InlineData(ModelAnswerKind.IncomeClaim)]
    [InlineData(ModelAnswerKind.GuaranteedResult)]
    [InlineData(ModelAnswerKind.Link)]
    [InlineData(ModelAnswerKind.Phone)]
    [InlineData(ModelAnswerKind.UnknownVariable)]
    [InlineData(ModelAnswerKind.TooLong)]
    [InlineData(ModelAnswerKind.WrongLanguage)]
    [InlineData(ModelAnswerKind.EmptyMessage)]
    [InlineData(ModelAnswerKind.LeakPrompt)]
    [InlineData(ModelAnswerKind.MalformedJson)]
    [InlineData(ModelAnswerKind.WrongSchema)]
    [InlineData(ModelAnswerKind.NoContent)]
    [InlineData(ModelAnswerKind.Truncated)]
    public async Task What_fails_the_checks_is_asked_for_again_with_the_reason_and_refused_at_the_third_time(ModelAnswerKind kind)
    {
        var advisor = await Asks.Anybody(app);
        Model.Next(kind);
        var mended = await advisor.Post(Asks.Generate, Asks.Objective($"primero {kind}"));
        var told = Model.Requests[^1].Prompt;
        Model.Next(kind, times: 3);
        var refused = await advisor.Post(Asks.Generate, Asks.Objective($"segundo {kind}"));

        mended.Is(HttpStatusCode.OK);
        Assert.Contains("refused by the service's checks", told, StringComparison.Ordinal);
        refused.Is(HttpStatusCode.Conflict, "assistant-refused");
        Assert.NotEmpty(refused["errors"].EnumerateObject());
        Assert.Empty(Model.Script);
        Assert.Equal("rejected, accepted, rejected, rejected, rejected", await advisor.Verdicts(newest: 5));
    }

    [Fact]
    public async Task What_is_required_must_be_there()
    {
        Model.Next(ModelAnswerKind.MissingVariable, times: 3);

        var answer = await (await Advisor.Of(app)).Post(
            Asks.Generate, new { objective = "x", tone = "y", count = 1, requiredVariables = (string[])["{nombre_cliente}"] });

        answer.Is(HttpStatusCode.Conflict, "assistant-refused");
    }

    [Fact]
    public async Task A_banned_term_of_the_profile_is_refused()
    {
        var advisor = await Advisor.Of(app);
        await advisor.Put("/api/profile", new { assistant = new { bannedTerms = (string[])["semana"] } });
        Model.Next(new ModelAnswer(ModelAnswerKind.Texts, Times: 3, Texts: ["Hola {nombre_cliente}, ¿cómo vas esta semana? Me acordé de ti."]));

        (await advisor.Post(Asks.Generate, Asks.Objective())).Is(HttpStatusCode.Conflict, "assistant-refused");
    }

    [Fact]
    public async Task Variations_that_are_almost_the_same_are_written_anew()
    {
        Model.Next(ModelAnswerKind.Duplicates);

        var answer = await (await Advisor.Of(app)).Post(Asks.Generate, Asks.Objective(count: 3));

        answer.Is(HttpStatusCode.OK);
        Assert.Equal(3, answer.Texts().Distinct().Count());
    }

    [Fact]
    public async Task What_passed_is_answered_when_the_rest_never_does()
    {
        Model.Next("Hola {nombre_cliente}, ¿cómo vas esta semana? Me acordé de ti.", "Nuestro té cura la diabetes, {nombre_cliente}, te lo digo yo.");
        Model.Next(ModelAnswerKind.HealthClaim, times: 2);

        var answer = await (await Advisor.Of(app)).Post(Asks.Generate, Asks.Objective(count: 2));

        Model.Clear();
        Assert.Equal(["Hola {nombre_cliente}, ¿cómo vas esta semana? Me acordé de ti."], answer.Texts());
    }

    [Theory]
    [InlineData(ModelAnswerKind.Refusal)]
    [InlineData(ModelAnswerKind.ContentFilter)]
    [InlineData(ModelAnswerKind.PolicyRejected)]
    public async Task What_a_policy_refused_is_asked_for_in_other_words(ModelAnswerKind kind)
    {
        var advisor = await Asks.Anybody(app);
        Model.Next(kind);
        var answer = await advisor.Post(Asks.Generate, Asks.Objective($"primero {kind}"));
        var told = Model.Requests[^1].Prompt;
        Model.Next(kind, times: 3);

        answer.Is(HttpStatusCode.OK);
        Assert.Contains("refused by a content policy", told, StringComparison.Ordinal);
        (await advisor.Post(Asks.Generate, Asks.Objective($"segundo {kind}"))).Is(HttpStatusCode.Conflict, "assistant-refused");
    }

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task Every_route_tells_why_nothing_may_be_sent(string route)
    {
        var advisor = await Advisor.Of(app);
        Model.Next(ModelAnswerKind.HealthClaim, times: 3);

        (await advisor.Ask(route)).Is(HttpStatusCode.Conflict, "assistant-refused");
        Assert.Empty(Model.Script);
    }
}
