using System.Net.Http.Headers;
using System.Net.Http.Json;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Idempotency;

namespace MassMessaging.Tests.Crash;

/// <summary>The service is killed in the middle of a POST with a key; another process gets the repeat.</summary>
[Collection(nameof(RealProcesses))]
public sealed class RepeatedRequestSpecs(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly object Note = new { note = "once" };

    [Fact]
    public async Task A_kill_before_the_commit_lets_it_run_again_and_one_behind_it_does_not()
    {
        string notes, token;
        await using (var service = await Start())
        {
            var advisor = new Repeats(new HttpClient { BaseAddress = service.Url });
            token = await SignIn(advisor.Http);
            notes = $"{Repeats.Clients}/{await advisor.Client(0)}/notes";
            var profile = (await advisor.Http.Get("/api/profile")).GetProperty("id").GetGuid();

            await advisor.Post("answered", Note, notes);
            await using var behindCommit = await Held.By(
                database, $"select pg_advisory_xact_lock(hashtextextended('erasure:{profile}', 0))");
            _ = Ignored(advisor.Post("behind", Note, notes));
            await Held.Waiting(database);

            await using var beforeCommit = await Held.By(database, "lock table client_note in exclusive mode");
            _ = Ignored(advisor.Post("killed", Note, notes));
            await Held.Waiting(database, sessions: 2);
            await service.Kill9();
        }

        await using var successor = await Start();
        var back = new Repeats(new HttpClient { BaseAddress = successor.Url });
        back.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        Assert.Equal("idempotency-in-progress", (await back.Post("killed", Note, notes)).Code);
        await database.Execute("update idempotent_request set claimed_until = claimed_until - interval '90 seconds'");

        Assert.Equal((201, true), (await back.Post("answered", Note, notes)).Done);
        Assert.Equal((409, "idempotency-answer-not-kept"), (await back.Post("behind", Note, notes)).Refusal);
        Assert.Equal((201, false), (await back.Post("killed", Note, notes)).Done);
        Assert.Equal(3, await back.Count(notes));
    }

    private static async Task<string> SignIn(HttpClient http)
    {
        var account = new { email = "ana@example.com", password = TestApp.Password };
        (await http.PostAsJsonAsync("/api/auth/register", account)).EnsureSuccessStatusCode();
        var signedIn = await (await http.PostAsJsonAsync("/api/auth/login", account)).Json();
        var token = signedIn.GetProperty("accessToken").GetString()!;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return token;
    }

    private static async Task Ignored(Task request)
    {
        try
        {
            await request;
        }
        catch (HttpRequestException)
        {
            // the service is killed while it answers
        }
    }

    private Task<ServiceProcess> Start() => ServiceProcess.Start(new Dictionary<string, string>
    {
        ["ConnectionStrings__Postgres"] = database.ConnectionString,
        ["EVOLUTION_API_URL"] = "http://127.0.0.1:9",
        ["EVOLUTION_API_KEY"] = "none",
        ["ROLE"] = "api",
    });
}
