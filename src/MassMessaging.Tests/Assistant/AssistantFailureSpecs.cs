using System.Net;
using MassMessaging.Simulator.OpenAi;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Assistant;

public sealed class AssistantFailureSpecs(TestApp app, TestCluster cluster) : IClassFixture<TestApp>
{
    private static readonly string[] Routes = [Asks.Generate, Asks.Improve, Asks.Personalize, Asks.Suggest];

    private OpenAiModel Model => app.Simulator.OpenAi;

    public static TheoryData<string> Asked => [.. Routes];

    [Theory]
    [MemberData(nameof(Asked))]
    public async Task A_server_that_fails_is_asked_three_times_and_then_named(string route)
    {
        var advisor = await Advisor.Of(app);
        Model.Next(ModelAnswerKind.ServerError, times: 3);

        var answer = await advisor.Ask(route);

        answer.Is(HttpStatusCode.ServiceUnavailable, "assistant-unavailable");
        Assert.NotNull(answer.Message.Headers.RetryAfter);
        Assert.Empty(Model.Script);
    }

    [Theory]
    [InlineData(ModelAnswerKind.BadGateway)]
    [InlineData(ModelAnswerKind.CloseBefore)]
    [InlineData(ModelAnswerKind.CloseMidStream)]
    [InlineData(ModelAnswerKind.NoChoices)]
    public async Task One_failure_in_passing_is_not_noticed(ModelAnswerKind kind)
    {
        Model.Next(kind);

        (await (await Asks.Anybody(app)).Post(Asks.Generate, Asks.Objective($"{kind}"))).Is(HttpStatusCode.OK);
        Assert.Empty(Model.Script);
    }

    [Theory]
    [InlineData(ModelAnswerKind.TooMany, 7)]
    [InlineData(ModelAnswerKind.QuotaSpent, null)]
    [InlineData(ModelAnswerKind.Unauthorized, null)]
    [InlineData(ModelAnswerKind.BadRequest, null)]
    public async Task What_another_try_would_not_mend_is_told_at_once(ModelAnswerKind kind, int? seconds)
    {
        var advisor = await Asks.Anybody(app);
        Model.Next(new ModelAnswer(kind, RetryAfterSeconds: seconds ?? 1));
        var calls = Model.Requests.Count;

        var answer = await advisor.Post(Asks.Generate, Asks.Objective($"{kind}"));

        answer.Is(HttpStatusCode.ServiceUnavailable, "assistant-unavailable");
        Assert.Equal(calls + 1, Model.Requests.Count);
        if (seconds is { } wait) Assert.Equal(TimeSpan.FromSeconds(wait), answer.Message.Headers.RetryAfter?.Delta);
        Assert.Equal(0, (await advisor.Log())[0].GetProperty("promptTokens").GetInt32());
        Assert.DoesNotContain(Model.Key, answer.Body.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ModelAnswerKind.ServerError, false)]
    [InlineData(ModelAnswerKind.BadGateway, false)]
    [InlineData(ModelAnswerKind.Overloaded, true)]
    public async Task A_failure_that_may_come_after_the_work_counts_as_the_most(ModelAnswerKind kind, bool isFree)
    {
        var advisor = await Advisor.Of(app);
        Model.Next(kind);
        await advisor.Post(Asks.Generate, Asks.Objective($"cuesta {kind}"));

        Assert.Equal(isFree, (await advisor.Log())[^1].GetProperty("cost").GetDecimal() == 0);
    }

    [Fact]
    public async Task A_server_that_knows_no_schemas_is_asked_without()
    {
        await using var old = await TestApp.Start(cluster, new TestAppOptions());
        old.Simulator.OpenAi.Next(new ModelAnswer(ModelAnswerKind.BadRequest, Text: "response_format 'json_schema' is not supported"));
        old.Simulator.OpenAi.Next(new ModelAnswer(
            ModelAnswerKind.Raw, Text: "```json\n{\"variations\":[{\"text\":\"Hola {nombre_cliente}, ¿cómo vas esta semana?\"}]}\n```"));

        (await (await Advisor.Of(old)).Post(Asks.Generate, Asks.Objective())).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_server_that_tells_no_usage_is_reckoned_at_the_most_that_it_may_cost()
    {
        var advisor = await Advisor.Of(app);
        Model.Next(new ModelAnswer(ModelAnswerKind.Drafts, HidesUsage: true));

        var answer = await advisor.Post(Asks.Generate, Asks.Objective());

        Assert.True(answer.Tokens() > 1000, $"{answer["usage"]}");
        Assert.Equal(answer.Tokens(), (await advisor.Get("/api/ai/usage"))["today"].GetProperty("tokens").GetInt64());
    }

    [Fact]
    public async Task A_caller_who_goes_away_stops_the_call_and_pays_for_it()
    {
        var advisor = await Advisor.Of(app);
        Model.Next(ModelAnswerKind.Hang);
        var before = Model.Requests.Count;
        using var patience = new CancellationTokenSource();
        var asked = advisor.Http.PostAsync(
            Asks.Generate, System.Net.Http.Json.JsonContent.Create(Asks.Objective()), patience.Token);
        await Eventually.True(() => Task.FromResult(Model.Requests.Count > before), TimeSpan.FromSeconds(30), "the model was asked");

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await Eventually.True(
            () => Task.FromResult(Model.Requests[before].Disconnected), TimeSpan.FromSeconds(30), "the model's caller went away");
        await Eventually.True(async () => await advisor.Verdicts() == "cancelled", TimeSpan.FromSeconds(30), "the call is in the log");
        Assert.True((await advisor.Get("/api/ai/usage"))["total"].GetProperty("cost").GetDecimal() > 0);
    }

    [Fact]
    public async Task A_model_that_is_too_slow_gives_way_to_the_own_template_for_that_objective()
    {
        await using var impatient = await Impatient();
        var advisor = await Advisor.Of(impatient);
        const string Content = "Hola {nombre_cliente}, ¿cómo vas esta semana con lo que hablamos?";
        await advisor.Post("/api/campaign-templates", new { name = "Mía", objective = "Seguimiento mensual", content = Content });
        await advisor.Post(
            "/api/campaign-templates",
            new { name = "Otra", objective = "cumpleaños", content = "¡Feliz cumpleaños, {nombre_cliente}! Que lo pases muy bien." });

        var answer = await advisor.Post(Asks.Generate, Asks.Objective("seguimiento MENSUAL"));
        var suggested = await advisor.Post(Asks.Suggest, new { objective = "seguimiento mensual" });

        answer.Is(HttpStatusCode.OK);
        Assert.True(answer["fallback"].GetBoolean());
        Assert.Equal([Content], answer.Texts());
        Assert.True(suggested["fallback"].GetBoolean());
        Assert.Equal("timeout, fallback, timeout, fallback", await advisor.Verdicts());
    }

    [Fact]
    public async Task A_model_that_is_too_slow_and_nothing_in_its_place_is_unavailable()
    {
        await using var impatient = await Impatient();
        var advisor = await Advisor.Of(impatient);

        foreach (var route in (string[])[Asks.Generate, Asks.Improve])
            (await advisor.Ask(route)).Is(HttpStatusCode.ServiceUnavailable, "assistant-unavailable");

        Assert.Equal("timeout, timeout", await advisor.Verdicts());
    }

    [Fact]
    public async Task Without_a_key_the_assistant_says_so_and_all_else_works()
    {
        await using var keyless = await TestApp.Start(cluster, new TestAppOptions
        {
            Settings = new Dictionary<string, string> { ["OPENAI_API_KEY"] = "" },
        });
        var advisor = await Advisor.Of(keyless);

        foreach (var route in Routes)
        {
            var answer = await advisor.Ask(route);
            answer.Is(HttpStatusCode.ServiceUnavailable, "assistant-not-configured");
            Assert.NotNull(answer.Message.Headers.RetryAfter);
        }

        Assert.Equal("[]", (await advisor.Get("/api/ai/log")).Body.ToString());
        (await advisor.Get("/api/ai/usage")).Is(HttpStatusCode.OK);
        (await advisor.Get("/api/analytics/assistant")).Is(HttpStatusCode.OK);
        Assert.NotEqual(Guid.Empty, await advisor.HasDraft());
        Assert.Equal(HttpStatusCode.OK, (await keyless.Anonymous().GetAsync("/health/ready")).StatusCode);
    }

    [Fact]
    public async Task A_user_is_limited_per_minute()
    {
        await using var strict = await TestApp.Start(cluster, new TestAppOptions
        {
            Settings = new Dictionary<string, string> { ["ASSISTANT_LIMIT_PER_MINUTE"] = "2" },
        });
        var advisor = await Advisor.Of(strict);
        foreach (var _ in (int[])[1, 2]) (await advisor.Post(Asks.Generate, Asks.Objective())).Is(HttpStatusCode.OK);

        var third = await advisor.Post(Asks.Improve, new { message = "Hola" });

        third.Is(HttpStatusCode.TooManyRequests, "rate-limited");
        (await advisor.Get("/api/ai/usage")).Is(HttpStatusCode.OK);
    }

    private async Task<TestApp> Impatient()
    {
        var started = await TestApp.Start(cluster, new TestAppOptions
        {
            Settings = new Dictionary<string, string> { ["OPENAI_TIMEOUT_SECONDS"] = "1" },
        });
        started.Simulator.OpenAi.Next(ModelAnswerKind.Hang, times: null);
        return started;
    }
}
