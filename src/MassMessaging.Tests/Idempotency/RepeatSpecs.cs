using System.Net;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Surveys;

namespace MassMessaging.Tests.Idempotency;

public sealed class RepeatSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task The_same_request_with_the_same_key_is_done_once_and_answered_alike()
    {
        var advisor = await Repeats.Of(app);

        var first = await advisor.Post("a-key", Repeats.Person());
        var again = await advisor.Post("a-key", Repeats.Person());

        Assert.Equal((201, false), first.Done);
        Assert.Equal(first with { IsReplayed = true }, again);
        Assert.Equal(1, await advisor.Count(Repeats.Clients));
    }

    [Fact]
    public async Task Twenty_at_once_make_one_thing()
    {
        var advisor = await Repeats.Of(app);
        var note = $"{Repeats.Clients}/{await advisor.Client(1)}/notes";
        var key = Repeats.NewKey();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => advisor.Post(key, new { note = "once" }, note)));

        Assert.Equal(1, await advisor.Count(note));
        Assert.Single(answers, answer => answer is { Status: 201, IsReplayed: false });
        Assert.All(answers, answer => Assert.True(answer.Status == 201 || answer.Code == "idempotency-in-progress", answer.Text));
        Assert.Single(answers.Where(answer => answer.Status == 201).Select(answer => answer.Text).Distinct());
    }

    [Fact]
    public async Task A_key_belongs_to_one_request()
    {
        var advisor = await Repeats.Of(app);
        var key = Repeats.NewKey();
        await advisor.Post(key, Repeats.Person());

        Assert.Equal("idempotency-key-reused", (await advisor.Post(key, Repeats.Person(1))).Code);
        Assert.Equal("idempotency-key-reused", (await advisor.Post(key, Repeats.Person(), "/api/clients?x=1")).Code);
        Assert.Equal("idempotency-key-reused", (await advisor.Post(key, Repeats.Person(), "/api/campaigns")).Code);
        Assert.Equal(1, await advisor.Count(Repeats.Clients));
    }

    [Fact]
    public async Task A_key_is_the_advisors_own()
    {
        var key = Repeats.NewKey();

        Assert.Equal((201, false), (await (await Repeats.Of(app)).Post(key, Repeats.Person())).Done);
        Assert.Equal((201, false), (await (await Repeats.Of(app)).Post(key, Repeats.Person())).Done);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with blank")]
    [InlineData("too-long")]
    public async Task A_key_that_is_none_is_refused(string key)
    {
        var advisor = await Repeats.Of(app);
        var sent = key == "too-long" ? new string('k', 256) : key;

        Assert.Equal((400, "idempotency-key-invalid"), (await advisor.Post(sent, Repeats.Person())).Refusal);
    }

    [Fact]
    public async Task Two_keys_are_none() =>
        Assert.Equal("idempotency-key-invalid", (await (await Repeats.Of(app)).Post(["one", "two"], Repeats.Person())).Code);

    [Fact]
    public async Task A_refusal_is_an_answer_too()
    {
        var advisor = await Repeats.Of(app);
        var key = Repeats.NewKey();

        var refused = await advisor.Post(key, new { name = "María", phone = "no number" });

        Assert.Equal("phone-invalid", refused.Code);
        Assert.Equal(refused with { IsReplayed = true }, await advisor.Post(key, new { name = "María", phone = "no number" }));
    }

    [Fact]
    public async Task A_fault_is_none_and_the_request_runs_again()
    {
        var advisor = await Repeats.Of(app);
        var key = Repeats.NewKey();
        await app.Database.Execute("alter table client_consent rename to elsewhere");
        var person = new { name = "María", phone = "+5491155000000", consent = new { source = "form" } };

        Assert.Equal(500, (await advisor.Post(key, person)).Status);
        await app.Database.Execute("alter table elsewhere rename to client_consent");

        Assert.Equal((201, false), (await advisor.Post(key, person)).Done);
    }

    [Fact]
    public async Task Signing_in_knows_no_key()
    {
        var visitor = new Repeats(app.Anonymous());
        var account = new { email = $"{Guid.NewGuid():n}@example.com", password = TestApp.Password };
        var key = Repeats.NewKey();
        await visitor.Post(key, account, "/api/auth/register");

        Assert.Equal((400, "email-taken"), (await visitor.Post(key, account, "/api/auth/register")).Refusal);
    }

    [Theory]
    [InlineData("/api/auth/manage/info")]
    [InlineData("/api/clients/import")]
    public async Task A_body_of_a_kind_that_nothing_takes_is_refused_as_such_whatever_the_key(string address)
    {
        var advisor = await app.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new StringContent("a", null, "a/b") };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", "not one");
        using var answer = await advisor.SendAsync(request);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
    }

    [Fact]
    public async Task A_visitors_key_counts_for_one_page_and_one_body()
    {
        var (mine, yours) = (await SurveyCalls.Of(app), await SurveyCalls.Of(app));
        var (visitor, stranger) = (new Repeats(app.Anonymous()), new Repeats(app.Anonymous()));
        var ana = new { visitorName = "Ana", answers = new { } };
        const string Key = "1"; // as anybody may choose

        var first = await visitor.Post(Key, ana, mine.Page);

        Assert.Equal((201, false), first.Done);
        Assert.Equal(first with { IsReplayed = true }, await visitor.Post(Key, ana, mine.Page));
        Assert.Equal((409, "idempotency-key-reused"), (await stranger.Post(Key, new { visitorName = "Eva", answers = new { } }, mine.Page)).Refusal);
        Assert.Equal((201, false), (await stranger.Post(Key, ana, yours.Page)).Done);
        Assert.Equal((201, false), (await new Repeats(mine.Advisor.Http).Post(Key, Repeats.Person())).Done);
        Assert.Equal((404, "not-found"), (await visitor.Post(Key, ana, "/api/public/nobody/health-survey")).Refusal);
        Assert.Equal(1, await mine.Kept());
    }

    [Fact]
    public async Task A_survey_that_was_sent_many_times_at_once_is_kept_once()
    {
        var (surveys, visitor, key) = (await SurveyCalls.Of(app), new Repeats(app.Anonymous()), Repeats.NewKey());

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => visitor.Post(key, new { visitorName = "Ana", answers = new { } }, surveys.Page)));

        Assert.Equal(1, await surveys.Kept());
    }

    [Fact]
    public async Task After_a_day_a_key_is_new()
    {
        var advisor = await Repeats.Of(app);
        var note = $"{Repeats.Clients}/{await advisor.Client(2)}/notes";
        var key = Repeats.NewKey();
        await advisor.Post(key, new { note = "daily" }, note);
        await app.Database.Execute("update idempotent_request set claimed_at = claimed_at - interval '24 hours'");

        Assert.Equal((201, false), (await advisor.Post(key, new { note = "daily" }, note)).Done);
        Assert.Equal(2, await advisor.Count(note));
    }

    [Fact]
    public async Task What_is_kept_cannot_be_read_in_the_database()
    {
        var advisor = await Repeats.Of(app);
        var key = Repeats.NewKey();
        await advisor.Post(key, new { name = "Ramona Quispe", phone = "+5491155000009" });

        var rows = await app.Database.Value<string>(
            "select string_agg(encode(answer, 'escape') || encode(key, 'escape') || encode(request, 'escape'), ' ') from idempotent_request");
        Assert.DoesNotContain("Ramona", rows, StringComparison.Ordinal);
        Assert.DoesNotContain(key, rows, StringComparison.Ordinal);
    }
}
