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

    [Fact]
    public async Task A_name_of_one_word_and_a_number_go_from_objectives_and_what_only_holds_their_letters_stays()
    {
        var advisor = await Advisor.Of(app);
        var client = await advisor.HasClient("Zenobia");
        var digits = (await app.Database.Value<string>($"select right(regexp_replace(phone, '\\D', '', 'g'), 8) from client where id = '{client}'"))!;
        await app.Database.Execute($"""
            insert into assistant_log select (select profile_id from client where id = '{client}'), gen_random_uuid(), gen_random_uuid(),
                gen_random_uuid(), 'generate', 1, '2026-01-01', '1', 'm', said, null, 'es', null, null, said, null, 'accepted', '[]', 0, 0, 0, 0, true, 0, null
            from unnest(array['saludar a ZENOBIA, hoy', 'llamar al {digits[..4]}-{digits[4..]}', 'sobre Zenobiana']) as said
            """);

        (await advisor.Delete($"/api/clients/{client}")).Is(HttpStatusCode.NoContent);

        Assert.Equal("sobre Zenobiana", await app.Database.Value<string>("select string_agg(objective, ',') from assistant_log where model = 'm'"));
        Assert.Equal(1, await app.Database.Value<long>("select count(*) from assistant_log where model = 'm' and prompt is not null"));
    }
}
