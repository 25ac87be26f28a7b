using System.Text.Json;
using MassMessaging.Simulator.OpenAi;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Assistant;

public sealed class AssistantStreamSpecs(TestApp app) : IClassFixture<TestApp>
{
    private OpenAiModel Model => app.Simulator.OpenAi;

    [Fact]
    public async Task A_stream_shows_drafts_and_ends_with_the_checked_result()
    {
        Model.Next("Hola {nombre_cliente} \"qué\" tal\n¿cómo estás esta semana?");
        var advisor = await Advisor.Of(app);

        var events = await advisor.Stream(Asks.Generate, Asks.Objective());

        var drafts = events.Where(told => told.Name == "draft").ToList();
        Assert.True(drafts.Count > 1, "the draft came at once");
        var result = events[^1];
        Assert.Equal("result", result.Name);
        var text = result.Data.GetProperty("variations")[0].GetProperty("text").GetString();
        Assert.Equal("Hola {nombre_cliente} \"qué\" tal\n¿cómo estás esta semana?", text);
        Assert.Equal(text, string.Concat(drafts.Select(draft => draft.Data.GetProperty("text").GetString())));
        Assert.Equal(Model.Requests[^1].CompletionTokens, result.Data.GetProperty("usage").GetProperty("completionTokens").GetInt32());
    }

    [Fact]
    public async Task A_stream_that_fails_ends_with_the_problem()
    {
        Model.Next(ModelAnswerKind.HealthClaim, times: 3);
        var advisor = await Advisor.Of(app);

        var events = await advisor.Stream(Asks.Generate, new { objective = "salud", tone = "cercano", count = 1 });

        Model.Clear();
        Assert.Equal(("problem", "assistant-refused"), (events[^1].Name, events[^1].Data.GetProperty("code").GetString()));
        Assert.Equal(JsonValueKind.Object, events[^1].Data.GetProperty("errors").ValueKind);
        Assert.Equal([1, 2, 3], events.Where(told => told.Name == "draft").Select(told => told.Data.GetProperty("attempt").GetInt32()).Distinct());
    }

    [Fact]
    public async Task A_stream_that_breaks_off_is_written_anew()
    {
        Model.Next(ModelAnswerKind.CloseMidStream);

        Assert.Equal("result", (await (await Advisor.Of(app)).Stream(Asks.Generate, Asks.Objective()))[^1].Name);
    }
}
