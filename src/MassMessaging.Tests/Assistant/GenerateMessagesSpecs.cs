using System.Net;
using MassMessaging.Simulator.OpenAi;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Assistant;

public sealed class GenerateMessagesSpecs(TestApp app) : IClassFixture<TestApp>
{
    private OpenAiModel Model => app.Simulator.OpenAi;

    [Fact]
    public async Task As_many_variations_as_asked_for_with_what_they_cost()
    {
        var advisor = await Advisor.Of(app);

        var answer = await advisor.Post(Asks.Generate, Asks.Objective(count: 4));

        answer.Is(HttpStatusCode.OK);
        var asked = Model.Requests[^1];
        Assert.Equal(4, answer.Texts().Distinct().Count());
        Assert.All(answer["variations"].EnumerateArray(), variation => Assert.Equal(
            ["{nombre_cliente}"], variation.GetProperty("variables").EnumerateArray().Select(token => token.GetString())));
        Assert.Equal(("generate-1", "gpt-4o"), (answer["promptVersion"].GetString(), answer["model"].GetString()));
        Assert.Equal(asked.PromptTokens, answer["usage"].GetProperty("promptTokens").GetInt32());
        Assert.Equal(asked.CompletionTokens, answer["usage"].GetProperty("completionTokens").GetInt32());
        Assert.Equal(
            ((asked.PromptTokens * 2.5m) + (asked.CompletionTokens * 10m)) / 1_000_000m, answer["usage"].GetProperty("cost").GetDecimal());
        Assert.False(answer["cached"].GetBoolean() || answer["fallback"].GetBoolean());
    }

    [Fact]
    public async Task The_same_question_again_is_answered_from_the_cache_and_costs_nothing()
    {
        var advisor = await Advisor.Of(app);
        var first = await advisor.Post(Asks.Generate, Asks.Objective(count: 2));
        var calls = Model.Requests.Count;

        var again = await advisor.Post(Asks.Generate, Asks.Objective(count: 2));

        Assert.True(again["cached"].GetBoolean());
        Assert.Equal(first["variations"].ToString(), again["variations"].ToString());
        Assert.Equal((0, calls), (again.Tokens(), Model.Requests.Count));
        Assert.Equal("accepted, cached", await advisor.Verdicts());
    }

    [Fact]
    public async Task Another_profile_other_inputs_another_voice_or_fresh_is_another_question()
    {
        var advisor = await Advisor.Of(app);
        await advisor.Post(Asks.Generate, Asks.Objective());

        Answer[] others =
        [
            await (await Advisor.Of(app)).Post(Asks.Generate, Asks.Objective()),
            await advisor.Post(Asks.Generate, Asks.Objective("ventas")),
            await advisor.Post(Asks.Generate, new { objective = "seguimiento", tone = "cercano", count = 1, fresh = true }),
        ];
        await advisor.Put("/api/profile", new { assistant = new { persona = "nutricionista" } });
        var otherVoice = await advisor.Post(Asks.Generate, Asks.Objective());

        Assert.All(others.Append(otherVoice), answer => Assert.False(answer["cached"].GetBoolean()));
    }

    [Theory]
    [InlineData("pt-BR", "você")]
    [InlineData("en", "you")]
    [InlineData("es", "semana")]
    public async Task The_language_is_the_one_asked_for(string language, string word)
    {
        var answer = await (await Advisor.Of(app)).Post(Asks.Generate, new { objective = "seguimiento", tone = "cercano", language });

        Assert.Contains(word, string.Concat(answer.Texts()), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_model_is_told_the_advisors_voice_and_what_is_asked()
    {
        var advisor = await Advisor.Of(app);
        await advisor.Put("/api/profile", new
        {
            businessName = "Bienestar Torres",
            assistant = new { persona = "Soy maratonista", tone = "alegre", specialties = (string[])["sueño"], bannedTerms = (string[])["barato"] },
        });

        await advisor.Post(Asks.Generate, new { objective = "reactivar a quienes no vinieron", label = "prospecto" });

        var prompt = Model.Requests[^1].Prompt;
        Assert.All(
            (string[])["Bienestar Torres", "Soy maratonista", "alegre", "sueño", "barato", "reactivar a quienes no vinieron", "prospecto"],
            told => Assert.Contains(told, prompt, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_a_client_the_model_is_told_first_name_label_notes_and_history_but_never_the_phone()
    {
        var advisor = await Advisor.Of(app);
        var client = (await advisor.Post(
            "/api/clients", new { name = "Carmela Ibarra Paz", phone = "+525512345678", email = "carmela@example.com", label = "afiliado" })).Id;
        await advisor.Post($"/api/clients/{client}/notes", new { note = "Carmela Ibarra Paz corre los domingos; su otro número es 55 1234-9999" });

        var answer = await advisor.Post(Asks.Personalize, new { message = "Hola {nombre_cliente}, ¿vienes?", clientId = client });

        answer.Is(HttpStatusCode.OK);
        var prompt = Model.Requests[^1].Prompt;
        Assert.All((string[])["Carmela", "afiliado", "corre los domingos"], told => Assert.Contains(told, prompt, StringComparison.Ordinal));
        Assert.All(
            (string[])["5512345678", "1234-9999", "12349999", "carmela@example.com", "Ibarra"],
            kept => Assert.DoesNotContain(kept, prompt, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_message_is_improved_with_the_variables_that_it_has()
    {
        Model.Next("Hola, ¿cómo estás esta semana?");
        Model.Next("Hola {nombre_cliente}, soy {nombre_asesor}. ¿Cómo estás esta semana?");

        var answer = await (await Advisor.Of(app)).Post(
            Asks.Improve, new { message = "ola {nombre_cliente} soy {nombre_asesor}", instruction = "más cálido" });

        answer.Is(HttpStatusCode.OK);
        Assert.Equal(["Hola {nombre_cliente}, soy {nombre_asesor}. ¿Cómo estás esta semana?"], answer.Texts());
    }

    [Fact]
    public async Task Nothing_is_stored_in_campaigns_or_templates_by_itself()
    {
        var advisor = await Advisor.Of(app);

        await advisor.Post(Asks.Generate, Asks.Objective());

        Assert.Equal("[] []", $"{(await advisor.Get("/api/campaigns")).Body} {(await advisor.Get("/api/campaign-templates")).Body}");
    }

    [Fact]
    public async Task A_request_with_a_key_asks_the_model_once()
    {
        var advisor = await Advisor.Of(app);
        advisor.Http.DefaultRequestHeaders.Add("Idempotency-Key", $"key-{Guid.NewGuid()}");
        var body = new { objective = "una vez", tone = "cercano", count = 1, fresh = true };
        var first = await advisor.Post(Asks.Generate, body);
        var calls = Model.Requests.Count;

        var again = await advisor.Post(Asks.Generate, body);

        Assert.Equal((first.Body.ToString(), calls), (again.Body.ToString(), Model.Requests.Count));
    }

    [Fact]
    public async Task Every_wrong_field_is_named()
    {
        var advisor = await Advisor.Of(app);
        var body = new
        {
            objective = new string('a', 101), count = 6, language = "español", label = "amigo", clientId = "x", maxLength = 5000,
            requiredVariables = (string[])["{apellido}"], fresh = "sí",
        };

        Assert.Equal(
            ["clientId", "count", "fresh", "label", "language", "maxLength", "objective", "requiredVariables", "tone"],
            (await advisor.Post(Asks.Generate, body)).WrongFields);
        Assert.Equal(["message"], (await advisor.Post(Asks.Improve)).WrongFields);
        Assert.Equal(["clientId", "message"], (await advisor.Post(Asks.Personalize)).WrongFields);
        Assert.Equal(["label"], (await advisor.Post(Asks.Suggest, new { label = "amigo" })).WrongFields);
    }

    [Fact]
    public async Task The_profiles_tone_stands_in_for_one_that_is_not_given()
    {
        var advisor = await Advisor.Of(app);
        await advisor.Put("/api/profile", new { assistant = new { tone = "alegre" } });

        (await advisor.Post(Asks.Generate, new { objective = "seguimiento" })).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(Asks.Improve)]
    [InlineData(Asks.Personalize)]
    public async Task A_message_with_an_unknown_variable_is_refused(string route) => (await (await Advisor.Of(app)).Post(
        route, new { message = "Hola {apellido}", clientId = Guid.NewGuid() })).Is(HttpStatusCode.BadRequest, "template-variable-unknown");

    [Fact]
    public async Task A_client_of_another_profile_is_nobody()
    {
        var theirs = await (await Advisor.Of(app)).HasClient("Rosa");
        var advisor = await Advisor.Of(app);

        (await advisor.Post(Asks.Generate, new { objective = "x", tone = "y", clientId = theirs })).Is(HttpStatusCode.NotFound, "not-found");
        (await advisor.Post(Asks.Personalize, new { message = "Hola", clientId = theirs })).Is(HttpStatusCode.NotFound, "not-found");
    }
}
