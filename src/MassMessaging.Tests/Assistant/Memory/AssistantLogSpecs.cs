using System.Net;
using System.Text.Json;
using MassMessaging.Assistant.Memory;
using MassMessaging.Simulator.OpenAi;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Assistant.Memory;

public sealed class AssistantLogSpecs(TestApp app) : IClassFixture<TestApp>
{
    private OpenAiModel Model => app.Simulator.OpenAi;

    [Fact]
    public async Task Every_call_is_kept_with_what_was_said_what_it_cost_and_the_verdict()
    {
        var advisor = await Advisor.Of(app);
        Model.Next(ModelAnswerKind.HealthClaim);

        await advisor.Post(Asks.Generate, Asks.Objective("volver a verse"));

        var log = await advisor.Log();
        var (last, first) = (log[0], log[1]);
        Assert.Equal(("accepted", 2), (last.GetProperty("verdict").GetString(), last.GetProperty("attempt").GetInt32()));
        Assert.Equal(("rejected", 1), (first.GetProperty("verdict").GetString(), first.GetProperty("attempt").GetInt32()));
        Assert.Equal(last.GetProperty("requestId").GetGuid(), first.GetProperty("requestId").GetGuid());
        Assert.All(log, row => Assert.Contains("volver a verse", row.GetProperty("prompt").GetString(), StringComparison.Ordinal));
        Assert.All(log, row => Assert.True(row.GetProperty("cost").GetDecimal() > 0));
        Assert.Contains("variations", first.GetProperty("answer").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(first.GetProperty("problems").EnumerateArray());
        Assert.Single(last.GetProperty("variations").EnumerateArray());
        Assert.Empty(first.GetProperty("variations").EnumerateArray());
    }

    [Fact]
    public async Task Usage_and_figures_add_up_to_the_log()
    {
        var advisor = await Advisor.Of(app);
        var answers = new[]
        {
            await advisor.Post(Asks.Generate, Asks.Objective("ventas")),
            await advisor.Post(Asks.Generate, Asks.Objective("Ventas ", count: 2)),
            await advisor.Post(Asks.Generate, Asks.Objective("cumpleaños")),
        };
        await advisor.Post(Asks.Generate, Asks.Objective("ventas"));
        Model.Next(ModelAnswerKind.HealthClaim, times: 3);
        await advisor.Post(Asks.Generate, Asks.Objective("salud"));

        var usage = await advisor.Get("/api/ai/usage");
        var figures = await advisor.Get("/api/analytics/assistant");
        var log = await advisor.Log();

        var total = usage["total"];
        Assert.Equal(6, total.GetProperty("calls").GetInt32());
        Assert.Equal(log.Sum(row => row.GetProperty("cost").GetDecimal()), total.GetProperty("cost").GetDecimal());
        Assert.Equal(usage["today"].GetProperty("cost").GetDecimal(), total.GetProperty("cost").GetDecimal());
        Assert.True(answers.Sum(answer => answer.Tokens()) < usage["today"].GetProperty("tokens").GetInt64());
        Assert.Equal((5, 4, 0.8), (figures["requests"].GetInt32(), figures["succeeded"].GetInt32(), figures["successRate"].GetDouble()));
        Assert.True(figures["averageSeconds"].GetDouble() > 0);
        Assert.Equal(usage["today"].GetProperty("tokens").GetInt64(), figures["tokensPerUser"][0].GetProperty("tokens").GetInt64());
        Assert.Equal(
            ["ventas 3", "cumpleaños 1", "salud 1"],
            figures["objectives"].EnumerateArray().Select(told => $"{told.GetProperty("text").GetString()!.Trim().ToLowerInvariant()} {told.GetProperty("requests")}"));
        Assert.Equal("cercano", figures["tones"][0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_span_that_ends_before_it_begins_is_refused()
    {
        var advisor = await Advisor.Of(app);

        foreach (var path in (string[])["/api/ai/usage", "/api/analytics/assistant"])
            Assert.Equal(["from"], (await advisor.Get($"{path}?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z")).WrongFields);
    }

    [Fact]
    public async Task What_was_chosen_how_far_it_was_edited_and_how_it_fared_is_told()
    {
        var advisor = await Advisor.Of(app);
        await advisor.HasClient("Rosa");
        await advisor.Post("/api/whatsapp/connect");
        var proposed = (await advisor.Post(Asks.Generate, Asks.Objective(count: 2)))["variations"];
        var (id, text) = (proposed[0].GetProperty("id").GetGuid(), proposed[0].GetProperty("text").GetString()!);
        var campaign = await advisor.Post(
            "/api/campaigns", new { name = "Marzo", objective = "ventas", messageContent = $"{text} ¡Eh!", audience = new { all = true }, variationId = id });
        var template = await advisor.Post("/api/campaign-templates", new { name = "Mía", content = text, variationId = id });
        (await advisor.Put($"/api/campaigns/{campaign.Id}", new { messageContent = $"{text} ¡Eh, tú!" })).Is(HttpStatusCode.OK);
        (await advisor.Put($"/api/campaign-templates/{template.Id}", new { content = $"{text}!" })).Is(HttpStatusCode.OK);
        await advisor.Post($"/api/campaigns/{campaign.Id}/send");

        await Eventually.True(
            async () =>
            {
                await app.Settle();
                return (await advisor.Get("/api/analytics/assistant"))["variations"].GetProperty("read").GetInt32() == 1;
            },
            TimeSpan.FromSeconds(60), "the message was sent, read and counted");

        var chosen = (await advisor.Log())[0].GetProperty("variations")[0].GetProperty("chosen");
        Assert.Equal(
            [("campaign", 9, 1), ("template", 1, 0)],
            chosen.EnumerateArray().Select(choice => (
                choice.GetProperty("target").GetString(), choice.GetProperty("editDistance").GetInt32(), choice.GetProperty("read").GetInt32())));
        var figures = (await advisor.Get("/api/analytics/assistant"))["variations"];
        Assert.Equal((2, 1, 1), (figures.GetProperty("made").GetInt32(), figures.GetProperty("chosen").GetInt32(), figures.GetProperty("sent").GetInt32()));
    }

    [Fact]
    public async Task A_variation_that_is_not_the_profiles_own_cannot_be_named()
    {
        var advisor = await Advisor.Of(app);
        var theirs = (await (await Advisor.Of(app)).Post(Asks.Generate, Asks.Objective()))["variations"][0].GetProperty("id").GetGuid();

        foreach (var id in (Guid[])[theirs, Guid.NewGuid()])
        {
            Assert.Equal(
                ["variationId"],
                (await advisor.Post("/api/campaigns", new { name = "X", objective = "x", messageContent = "Hola", variationId = id })).WrongFields);
            Assert.Equal(["variationId"], (await advisor.Post("/api/campaign-templates", new { name = "X", content = "Hola", variationId = id })).WrongFields);
        }
    }

    [Fact]
    public async Task Templates_are_suggested_from_own_results_with_their_sample_sizes()
    {
        var advisor = await Advisor.Of(app);
        await advisor.HasClient("Rosa", "afiliado");
        await advisor.HasClient("Luz", "afiliado");
        await advisor.Post("/api/whatsapp/connect");
        var id = await advisor.HasDraft(new { labels = (string[])["afiliado"] }, "Mayo", "Hola {nombre_cliente}, ¿vienes el jueves?");
        await advisor.Post($"/api/campaigns/{id}/send");
        await Eventually.True(
            async () =>
            {
                await app.Settle();
                return (await advisor.Get($"/api/campaigns/{id}"))["readCount"].GetInt32() == 2;
            },
            TimeSpan.FromSeconds(60), "both were sent and read");

        var answer = await advisor.Post(Asks.Suggest, new { objective = "ventas", label = "afiliado" });
        var others = await advisor.Post(Asks.Suggest, new { objective = "cumpleaños" });

        answer.Is(HttpStatusCode.OK);
        var result = answer["results"][0];
        Assert.Equal((id, 2, 1.0), (
            result.GetProperty("campaignId").GetGuid(), result.GetProperty("sent").GetInt32(), result.GetProperty("readRate").GetDouble()));
        Assert.Equal(result.ToString(), answer["suggestions"][0].GetProperty("basedOn")[0].ToString());
        Assert.NotEqual("", answer["suggestions"][0].GetProperty("name").GetString());
        Assert.Contains("¿vienes el jueves?", Model.Requests[^2].Prompt, StringComparison.Ordinal);
        Assert.Empty(others["results"].EnumerateArray());
        Assert.All(others["suggestions"].EnumerateArray(), suggestion => Assert.Empty(suggestion.GetProperty("basedOn").EnumerateArray()));
    }

    [Fact]
    public async Task An_erased_clients_texts_go_and_the_figures_stay()
    {
        var advisor = await Advisor.Of(app);
        var client = await advisor.HasClient("Fermina Daza");
        await advisor.Post(Asks.Personalize, new { message = "Hola {nombre_cliente}", clientId = client });
        Model.Next("Hola Fermina Daza, ¿cómo vas esta semana con todo?");
        await advisor.Post(Asks.Improve, new { message = "Hola Fermina Daza, como vas" });
        await advisor.Post(Asks.Generate, Asks.Objective("saludar"));
        var before = (await advisor.Get("/api/ai/usage"))["total"].ToString();

        (await advisor.Delete($"/api/clients/{client}")).Is(HttpStatusCode.NoContent);

        var log = (await advisor.Get("/api/ai/log")).Body;
        Assert.DoesNotContain("Fermina", log.ToString(), StringComparison.Ordinal);
        Assert.Equal(
            [JsonValueKind.String, JsonValueKind.Null, JsonValueKind.Null],
            log.EnumerateArray().Select(row => row.GetProperty("prompt").ValueKind));
        Assert.Equal(before, (await advisor.Get("/api/ai/usage"))["total"].ToString());
        Assert.Equal(0, await app.Database.Value<long>("select count(*) from assistant_cache where answer::text like '%Fermina%'"));
        Assert.Equal(0, await app.Database.Value<long>("select count(*) from assistant_variation where text like '%Fermina%'"));
        Assert.Equal(0, await app.Database.Value<long>("select count(*) from mt_events where data::text like '%Fermina%'"));
    }

    [Fact]
    public async Task A_client_erased_while_the_model_writes_leaves_no_text()
    {
        var advisor = await Advisor.Of(app);
        var client = await advisor.HasClient("Florentino Ariza");
        var before = Model.Requests.Count;
        Model.Hold();
        var asked = advisor.Post(Asks.Personalize, new { message = "Hola {nombre_cliente}", clientId = client });
        await Eventually.True(() => Task.FromResult(Model.Requests.Count > before), TimeSpan.FromSeconds(30), "the model was asked");
        (await advisor.Delete($"/api/clients/{client}")).Is(HttpStatusCode.NoContent);
        Model.Release();

        (await asked).Is(HttpStatusCode.OK);

        Assert.Equal(JsonValueKind.Null, (await advisor.Log())[0].GetProperty("prompt").ValueKind);
        Assert.Equal(0, await app.Database.Value<long>($"select count(*) from assistant_cache where client_id = '{client}'"));
        Assert.Equal(0, await app.Database.Value<long>($"select count(*) from assistant_variation where client_id = '{client}' and text is not null"));
    }

    [Fact]
    public async Task Texts_go_after_ninety_days_and_answers_after_one()
    {
        var advisor = await Advisor.Of(app);
        await advisor.Post(Asks.Generate, Asks.Objective("viejo"));
        await app.Database.Execute("update assistant_log set at = at - interval '91 days'");
        await app.Database.Execute("update assistant_variation set created_at = created_at - interval '91 days'");
        await app.Database.Execute("update assistant_cache set expires_at = expires_at - interval '2 days'");

        await app.Services.GetRequiredService<SweepAssistant>().RunOnce(CancellationToken.None);

        Assert.Equal(JsonValueKind.Null, (await advisor.Log())[0].GetProperty("answer").ValueKind);
        Assert.Equal(0, await app.Database.Value<long>("select (select count(*) from assistant_cache) + (select count(*) from assistant_variation where text is not null or objective is not null) + (select count(*) from assistant_log where objective is not null)"));
    }
}
