using System.Net;
using System.Text.Json;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Surveys;

public sealed class SurveysApiSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task Surveys_are_listed_newest_first_and_paged()
    {
        var surveys = await SurveyCalls.Of(app);
        for (var i = 0; i < 3; i++) await surveys.Has(name: $"Ana {i}");

        var first = await surveys.Advisor.Get($"{SurveyCalls.Route}?limit=2");
        var rest = await surveys.Advisor.Get(first.Message.Headers.GetValues("Link").Single().Split('<', '>')[1]);

        Assert.Equal("3", first.Message.Headers.GetValues("X-Total-Count").Single());
        Assert.Equal(["Ana 2", "Ana 1", "Ana 0"], Names(first).Concat(Names(rest)));
    }

    [Fact]
    public async Task A_survey_becomes_a_prospect_that_names_it()
    {
        var surveys = await SurveyCalls.Of(app);
        var survey = await surveys.Has("55 1234 5678", "Ana Pérez", "ana@example.com");

        var client = await surveys.Convert(survey);

        client.Is(HttpStatusCode.Created);
        Assert.Equal($"/api/clients/{client.Id}", client.Message.Headers.Location?.OriginalString);
        Assert.Equal(
            ("Ana Pérez", "+525512345678", "ana@example.com", "prospecto", survey),
            (client["name"].GetString(), client["phone"].GetString(), client["email"].GetString(), client["label"].GetString(), client["healthSurveyId"].GetGuid()));
        Assert.Equal(client.Id, (await surveys.Advisor.Get(SurveyCalls.Route)).Body[0].GetProperty("clientId").GetGuid());
        Assert.Equal(client.Body.GetRawText(), (await surveys.Advisor.Get($"/api/clients/{client.Id}")).Body.GetRawText());
    }

    [Fact]
    public async Task A_survey_that_cannot_become_a_client_says_why()
    {
        var surveys = await SurveyCalls.Of(app);
        await surveys.Advisor.Post("/api/clients", new { name = "Ana", phone = "5512345678" });
        var converted = await surveys.Has("5512345679");
        (await surveys.Convert(converted)).Is(HttpStatusCode.Created);

        (await surveys.Convert(await surveys.Has(phone: null))).Is(HttpStatusCode.BadRequest, "survey-without-phone");
        (await surveys.Convert(await surveys.Has(phone: " "))).Is(HttpStatusCode.BadRequest, "survey-without-phone");
        (await surveys.Convert(await surveys.Has("llámame"))).Is(HttpStatusCode.BadRequest, "phone-invalid");
        (await surveys.Convert(await surveys.Has("+52 1 55 1234 5678"))).Is(HttpStatusCode.BadRequest, "client-exists");
        (await surveys.Convert(converted)).Is(HttpStatusCode.BadRequest, "client-exists");
        (await surveys.Convert(Guid.NewGuid())).Is(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task Many_are_converted_at_once_with_a_result_for_each_in_their_order()
    {
        var surveys = await SurveyCalls.Of(app);
        await surveys.Advisor.Post("/api/clients", new { name = "Eva", phone = "5512345670" });
        var theirs = await (await SurveyCalls.Of(app)).Has("5512345675");
        Guid[] ids =
        [
            await surveys.Has("5512345671"), await surveys.Has(phone: null), await surveys.Has("5512345670"), theirs,
            await surveys.Has("+52 1 55 1234 5671"), await surveys.Has("12"), await surveys.Has("5512345672"),
        ];

        var answer = await surveys.ConvertAll([.. ids, ids[0]]);

        answer.Is(HttpStatusCode.MultiStatus);
        Assert.Equal((2, 6, 8), (answer["successful"].GetInt32(), answer["failed"].GetInt32(), answer["total"].GetInt32()));
        var results = answer["results"].EnumerateArray().ToList();
        Assert.Equal([.. ids, ids[0]], results.Select(result => result.GetProperty("surveyId").GetGuid()));
        Assert.Equal(
            [null, "survey-without-phone", "client-exists", "not-found", "client-exists", "phone-invalid", null, "client-exists"],
            results.Select(result => result.GetProperty("code").GetString()));
        Assert.All(results, result => Assert.Equal(
            result.GetProperty("code").ValueKind == JsonValueKind.Null, result.GetProperty("clientId").ValueKind == JsonValueKind.String));
        Assert.Equal(3, (await surveys.Advisor.Get("/api/clients")).Body.GetArrayLength());
        var again = await surveys.ConvertAll(ids[0]);
        Assert.Equal("client-exists", again["results"][0].GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"surveyIds":[]}""")]
    [InlineData("""{"surveyIds":"x"}""")]
    [InlineData("""{"surveyIds":["x"]}""")]
    public async Task A_list_that_names_no_surveys_is_refused(string body)
    {
        var surveys = await SurveyCalls.Of(app);

        var answer = await surveys.Advisor.Post($"{SurveyCalls.Route}/bulk-create-clients", JsonElement.Parse(body));

        answer.Is(HttpStatusCode.BadRequest, "validation-failed");
        Assert.Equal(["surveyIds"], answer.WrongFields);
    }

    [Fact]
    public async Task The_same_visitor_converted_from_everywhere_at_once_is_one_client()
    {
        var surveys = await SurveyCalls.Of(app);
        var (first, second) = (await surveys.Has("5512345678"), await surveys.Has("5512345678"));

        var answers = await Task.WhenAll(surveys.ConvertAll(first, second), surveys.ConvertAll(second, first), surveys.ConvertAll(first));

        Assert.All(answers, answer => answer.Is(HttpStatusCode.MultiStatus));
        Assert.Equal(1, answers.Sum(answer => answer["successful"].GetInt32()));
        Assert.Single((await surveys.Advisor.Get("/api/clients")).Body.EnumerateArray());
    }

    [Fact]
    public async Task Erasing_a_client_erases_its_survey_and_those_with_its_number()
    {
        var surveys = await SurveyCalls.Of(app);
        var client = await surveys.Convert(await surveys.Has("5512345678"));
        await surveys.Has("+52 1 55 1234 5678", "La misma");
        await surveys.Has("5512345679", "Otra");

        (await surveys.Advisor.Delete($"/api/clients/{client.Id}")).Is(HttpStatusCode.NoContent);

        Assert.Equal(["Otra"], Names(await surveys.Advisor.Get(SurveyCalls.Route)));
    }

    [Fact]
    public async Task A_suppressed_number_is_born_opted_out_from_a_survey_too()
    {
        var surveys = await SurveyCalls.Of(app);
        var ana = (await surveys.Advisor.Post("/api/clients", new { name = "Ana", phone = "5512345678" })).Id;
        await surveys.Advisor.Post($"/api/clients/{ana}/opt-out");
        await surveys.Advisor.Delete($"/api/clients/{ana}");

        var client = await surveys.Convert(await surveys.Has("5512345678"));

        Assert.Equal(JsonValueKind.String, client["optedOutAt"].ValueKind);
    }

    [Fact]
    public async Task A_deleted_survey_is_gone_and_its_client_stays()
    {
        var surveys = await SurveyCalls.Of(app);
        var survey = await surveys.Has("5512345678");
        var client = await surveys.Convert(survey);

        (await surveys.Advisor.Delete($"{SurveyCalls.Route}/{survey}")).Is(HttpStatusCode.NoContent);

        (await surveys.Advisor.Delete($"{SurveyCalls.Route}/{survey}")).Is(HttpStatusCode.NotFound, "not-found");
        (await surveys.Advisor.Get($"/api/clients/{client.Id}")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nobody_reaches_another_advisors_surveys()
    {
        var (mine, yours) = (await SurveyCalls.Of(app), await SurveyCalls.Of(app));
        var survey = await mine.Has("5512345678");

        Assert.Equal(0, await yours.Kept());
        (await yours.Convert(survey)).Is(HttpStatusCode.NotFound, "not-found");
        (await yours.Advisor.Delete($"{SurveyCalls.Route}/{survey}")).Is(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(1, await mine.Kept());
    }

    private static IEnumerable<string> Names(Answer list) =>
        list.Body.EnumerateArray().Select(row => row.GetProperty("visitorName").GetString()!);

    [Fact]
    public async Task The_same_numbers_in_opposite_orders_at_once_never_lock_each_other_out()
    {
        var surveys = await SurveyCalls.Of(app);
        var profile = (await surveys.Advisor.Get("/api/profile")).Id;
        await app.Database.Execute($"""
            insert into health_survey (profile_id, id, visitor_name, visitor_phone, answers, created_at)
            select '{profile}', gen_random_uuid(), 'Ana', '55' || (10000000 + n % 1000), jsonb_build_object(), now()
            from generate_series(1, 2000) n
            """);
        var ids = (await surveys.Advisor.Get($"{SurveyCalls.Route}?limit=5000")).Body.EnumerateArray()
            .OrderBy(row => row.GetProperty("visitorPhone").GetString(), StringComparer.Ordinal)
            .Select(row => row.GetProperty("id").GetGuid()).Chunk(2).ToList(); // a number's two surveys, one for each side

        var answers = await Task.WhenAll(
            surveys.ConvertAll([.. ids.Select(pair => pair[0])]), surveys.ConvertAll([.. ids.Select(pair => pair[1]).Reverse()]));

        Assert.All(answers, answer => answer.Is(HttpStatusCode.MultiStatus));
        Assert.Equal(1000, answers.Sum(answer => answer["successful"].GetInt32()));
    }

    [Fact]
    public async Task A_page_of_large_answers_ends_early_and_leads_on()
    {
        var surveys = await SurveyCalls.Of(app);
        var profile = (await surveys.Advisor.Get("/api/profile")).Id;
        await app.Database.Execute($"""
            insert into health_survey (profile_id, id, visitor_name, answers, created_at)
            select '{profile}', gen_random_uuid(), 'Ana', jsonb_build_object('a', repeat('x', 16000)), now() from generate_series(1, 600)
            """);

        var lengths = new List<int>();
        var ids = new HashSet<Guid>();
        for (string? next = $"{SurveyCalls.Route}?limit=5000"; next is not null;)
        {
            var page = await surveys.Advisor.Get(next);
            lengths.Add(page.Body.GetArrayLength());
            ids.UnionWith(page.Body.EnumerateArray().Select(row => row.GetProperty("id").GetGuid()));
            next = page.Message.Headers.TryGetValues("Link", out var links) ? links.Single().Split('<', '>')[1] : null;
        }

        Assert.Equal([261, 261, 78], lengths); // 4 MiB of 16,009 bytes each
        Assert.Equal(600, ids.Count);
    }
}
