using System.Net;
using MassMessaging.Assistant.Budget;
using MassMessaging.Kernel;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Assistant.Budget;

public sealed class DailyBudgetSpecs(TestCluster cluster)
{
    private const int Budget = 40_000;

    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 18, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("ASSISTANT_DAILY_TOKENS", "40000")]
    [InlineData("ASSISTANT_DAILY_COST", "0.15")]
    public async Task Fifty_at_once_on_two_nodes_never_pass_the_budget(string setting, string value)
    {
        var options = Options((setting, value), ("OPENAI_TIMEOUT_SECONDS", "80"));
        await using var first = await TestApp.Start(cluster, options);
        await using var second = await TestApp.Start(cluster, options with { Beside = first });
        var advisor = await Advisor.Of(first);
        Advisor[] nodes = [advisor, advisor.At(second)];
        (await advisor.Get("/api/ai/usage")).Is(HttpStatusCode.OK);

        // All are reserved before any is answered.
        first.Simulator.OpenAi.Hold();
        var asked = Enumerable.Range(0, 50).Select(number => nodes[number % 2].Post(Asks.Generate, Asks.Objective($"objetivo {number}"))).ToList();
        await Eventually.True(
            () => Task.FromResult(asked.Count(one => one.IsCompleted) + first.Simulator.OpenAi.Requests.Count == 50), TimeSpan.FromMinutes(1),
            "each is refused, or waits for the model");
        var reserved = (await advisor.Get("/api/ai/usage"))["today"];
        first.Simulator.OpenAi.Release();
        var answers = await Task.WhenAll(asked);

        var good = answers.Where(answer => answer.Status == HttpStatusCode.OK).ToList();
        var refused = answers.Where(answer => answer.Status != HttpStatusCode.OK).ToList();
        Assert.NotEmpty(good);
        Assert.NotEmpty(refused);
        Assert.All(refused, answer => answer.Is(HttpStatusCode.TooManyRequests, "assistant-budget"));
        Assert.InRange(reserved.GetProperty("tokens").GetInt64(), 1, reserved.GetProperty("mostTokens").GetInt64());
        Assert.InRange(reserved.GetProperty("cost").GetDecimal(), 0.0001m, reserved.GetProperty("mostCost").GetDecimal());
        var today = (await advisor.Get("/api/ai/usage"))["today"];
        Assert.Equal(good.Sum(answer => answer.Tokens()), today.GetProperty("tokens").GetInt64());
        Assert.Equal(good.Sum(answer => answer["usage"].GetProperty("cost").GetDecimal()), today.GetProperty("cost").GetDecimal());
        Assert.Equal(0, await first.Database.Value<long>("select count(*) from assistant_reservation"));
    }

    [Fact]
    public async Task A_spent_budget_is_told_with_when_the_next_day_begins_on_every_route()
    {
        await using var app = await TestApp.Start(cluster, Options(("ASSISTANT_DAILY_TOKENS", "10")));
        var advisor = await Advisor.Of(app);

        foreach (var route in (string[])[Asks.Generate, Asks.Improve, Asks.Personalize, Asks.Suggest])
        {
            var answer = await advisor.Ask(route);
            answer.Is(HttpStatusCode.TooManyRequests, "assistant-budget");
            Assert.Equal(TimeSpan.FromHours(12), answer.Message.Headers.RetryAfter?.Delta); // Mexico City, six hours behind
        }

        Assert.Empty(app.Simulator.OpenAi.Requests);
        var events = await advisor.Stream(Asks.Generate, Asks.Objective());
        Assert.Equal("assistant-budget", events[^1].Data.GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_days_are_those_of_the_profiles_zone()
    {
        await using var app = await TestApp.Start(cluster, Options());
        var advisor = await Advisor.Of(app);
        await advisor.Put("/api/profile", new { timeZone = "Asia/Tokyo" });

        var resetsAt = (await advisor.Get("/api/ai/usage"))["today"].GetProperty("resetsAt").GetDateTimeOffset();

        Assert.Equal(new DateTimeOffset(2026, 3, 11, 15, 0, 0, TimeSpan.Zero), resetsAt);
    }

    [Fact]
    public async Task What_a_killed_node_had_reserved_stays_spent_when_it_expires()
    {
        await using var app = await TestApp.Start(cluster, Options(("ASSISTANT_DAILY_TOKENS", $"{Budget}")));
        var advisor = await Advisor.Of(app);
        var profile = (await advisor.Get("/api/profile")).Id;
        var budget = app.Services.GetRequiredService<DailyBudget>();
        var held = await budget.Take(profile, TimeZoneInfo.Utc, Budget, 0.01m, CancellationToken.None);
        await advisor.Put("/api/profile", new { timeZone = "Etc/UTC" });

        await app.Database.Execute("update assistant_reservation set expires_at = '2000-01-01'");
        await budget.ForgetExpired(CancellationToken.None);
        await using (var late = app.Services.GetRequiredService<IStore>().Open(Origin.System))
        {
            await DailyBudget.Settle(late, held, 5, 0.001m, CancellationToken.None);
            await late.Commit(CancellationToken.None);
        }

        (await advisor.Post(Asks.Generate, Asks.Objective())).Is(HttpStatusCode.TooManyRequests, "assistant-budget");
        Assert.Equal(0, await app.Database.Value<long>("select count(*) from assistant_reservation"));
        Assert.Equal((Budget, 0.01m), await budget.Of(profile, held.Day, CancellationToken.None));
        Assert.Equal(Budget, (await advisor.Get("/api/ai/usage"))["today"].GetProperty("tokens").GetInt64());
    }

    private static TestAppOptions Options(params (string Name, string Value)[] settings) => new()
    {
        Clock = new FakeTimeProvider(Noon),
        Settings = settings.ToDictionary(setting => setting.Name, setting => setting.Value),
    };
}
