using System.Net;
using MassMessaging.Simulator.OpenAi;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Assistant.Memory;

public sealed class ErasedNamesSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string Named = """
        select (select count(*) from assistant_log where concat(prompt, answer, objective) ~* 'buend')
             + (select count(*) from assistant_variation where concat(text, objective) ~* 'buend')
        """;

    [Fact]
    public async Task An_erased_clients_name_goes_from_objectives_and_from_answers_that_escape_it()
    {
        var advisor = await Advisor.Of(app);
        var client = await advisor.HasClient("José Buendía");
        await advisor.Post(Asks.Generate, Asks.Objective("saludar a José Buendía"));
        app.Simulator.OpenAi.Next(new ModelAnswer(
            ModelAnswerKind.Raw, Text: """{"variations":[{"text":"Hola Jos\u00e9 Buend\u00eda, ¿cómo vas esta semana?"}]}"""));
        await advisor.Post(Asks.Generate, Asks.Objective("saludar"));
        Assert.True(await app.Database.Value<long>(Named) >= 2);

        (await advisor.Delete($"/api/clients/{client}")).Is(HttpStatusCode.NoContent);

        Assert.Equal(0, await app.Database.Value<long>(Named));
    }
}
