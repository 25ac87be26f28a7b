using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Profiles.ApiKeys;

namespace MassMessaging.Tests.Http.Fuzz;

/// <summary>
/// Malformed requests to every route of the OpenAPI document, by nobody, an advisor, an operator and an API key, over real HTTP. The seed is
/// printed, and taken from <c>FUZZ_SEED</c>; the n-th request of a seed is always the same.
/// </summary>
public sealed class MalformedRequestSpecs(TestCluster cluster)
{
    private const string Somebodys = "Ramona";
    private const string Operator = "operator@example.com";
    private const int AtOnce = 8;
    private const int MostShown = 40;

    private static readonly int Seed =
        int.TryParse(Environment.GetEnvironmentVariable("FUZZ_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : 20_260_301;

    [Theory]
    [Sizes(small: 2_500, full: 120_000)]
    public async Task Whatever_is_asked_is_answered_or_refused_in_words_and_breaks_nothing(int requests)
    {
        using var faults = new Faults();
        await using var app = await TestApp.Start(cluster, new TestAppOptions
        {
            Logs = faults, Settings = new Dictionary<string, string>(TestAppOptions.Unpaced) { ["OPERATORS"] = Operator },
        });
        var (mine, theirs) = (await Neighbour.Of(app, "Ana"), await Neighbour.Of(app, Somebodys));
        var callers = await Callers(app, mine);
        var routes = await Route.All(app);
        var document = JsonElement.Parse(await new HttpClient().GetStringAsync(new Uri(app.Address, "/openapi/v1.json")));
        var (attacks, verdict) = (new Attacks(document, [mine, mine, theirs]), new Verdict(await ContractHandler.Contract(app.Address), $"{Somebodys} "));

        // A server may close a kept connection while a request is on its way (RFC 9112, 9.5): what gets no answer is asked on one of its own.
        using var client = Client(TimeSpan.FromMinutes(1));
        using var afresh = Client(TimeSpan.Zero);
        var wrong = new ConcurrentQueue<string>();
        var answered = new ConcurrentDictionary<(string Route, int Status), int>();
        await Parallel.ForAsync(0, requests, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (index, ct) =>
        {
            var random = new Random(unchecked((Seed * 1_000_003) + index));
            var route = routes[index % routes.Count];
            var attack = attacks.Next(route, random);
            var caller = callers[random.Next(callers.Count)];
            try
            {
                using var answer = await Ask(client) ?? (await Ask(afresh))!;
                answered.AddOrUpdate((route.ToString(), (int)answer.StatusCode), 1, (_, count) => count + 1);
                if (await verdict.On(answer, attack) is { } what) wrong.Enqueue($"#{index} {attack}\n    {what}");
            }
            catch (HttpRequestException cut) when (cut.HttpRequestError is HttpRequestError.UserAuthenticationError or HttpRequestError.Unknown)
            {
                answered.AddOrUpdate((route.ToString(), 0), 1, (_, count) => count + 1); // HttpClient itself did not send it
            }
            catch (Exception broken)
            {
                wrong.Enqueue($"#{index} {attack}\n    {broken}");
            }

            async Task<HttpResponseMessage?> Ask(HttpClient by)
            {
                using var request = attack.Request(app.Address);
                if (!request.Headers.NonValidated.Contains("Authorization")) request.Headers.Authorization = caller;
                try
                {
                    return await by.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
                }
                catch (HttpRequestException cut) when (cut.HttpRequestError == HttpRequestError.ResponseEnded && by == client)
                {
                    return null;
                }
            }
        });

        Print(requests, answered);
        Assert.True(wrong.IsEmpty, $"{wrong.Count} of seed {Seed}:\n{string.Join('\n', wrong.OrderBy(one => !one.Contains("\n    50", StringComparison.Ordinal)).Take(MostShown))}\n{string.Join('\n', faults.All.Take(MostShown))}");
        Assert.Equal([], faults.All);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri(app.Address, "/health/ready"))).StatusCode);
        await mine.Advisor.Http.Get("/api/clients");
    }

    private static HttpClient Client(TimeSpan kept) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, Expect100ContinueTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = kept,
    })
    {
        Timeout = TimeSpan.FromMinutes(2),
    };

    /// <summary>A fixed order: what a seed asks must not depend on chance.</summary>
    private static async Task<IReadOnlyList<AuthenticationHeaderValue?>> Callers(TestApp app, Neighbour mine)
    {
        var advisor = mine.Advisor.Http.DefaultRequestHeaders.Authorization;
        using var operates = await app.Client(Operator);
        var key = (await mine.Advisor.Http.HasKey(["read", "write", "send", "operate"])).GetProperty("key").GetString();
        return [advisor, advisor, advisor, null, operates.DefaultRequestHeaders.Authorization, new("Bearer", key)];
    }

    private static void Print(int requests, IReadOnlyDictionary<(string Route, int Status), int> answered)
    {
        var output = TestContext.Current.TestOutputHelper;
        output?.WriteLine($"{requests} malformed requests of seed {Seed} over {answered.Keys.Select(key => key.Route).Distinct().Count()} routes");
        foreach (var status in answered.GroupBy(one => one.Key.Status).OrderBy(group => group.Key)) output?.WriteLine($"  {status.Key}: {status.Sum(one => one.Value)}");
        foreach (var route in answered.GroupBy(one => one.Key.Route).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var statuses = route.OrderBy(one => one.Key.Status).Select(one => $"{one.Key.Status}×{one.Value}");
            output?.WriteLine($"  {route.Sum(one => one.Value),6} {route.Key}: {string.Join(' ', statuses)}");
        }
    }
}
