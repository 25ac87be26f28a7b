using System.Net;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Idempotency;
using MassMessaging.Tests.Surveys;

namespace MassMessaging.Tests.Clients;

/// <summary>What is answered about clients whom somebody else holds, as a long import or an erasure does.</summary>
public sealed class HeldClientSpecs(TestCluster cluster) : IAsyncLifetime
{
    private TestApp app = null!;

    public async ValueTask InitializeAsync() => app = await TestApp.Start(cluster, new TestAppOptions());

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task A_note_during_an_erasure_finds_nobody()
    {
        var advisor = await Advisor.Of(app);
        var ana = await advisor.HasClient("Ana");
        Task<Answer> noted;
        await using (var erasure = await Held.By(app.Database, $"select from client where id = '{ana}' for update"))
        {
            noted = advisor.Post($"/api/clients/{ana}/notes", new { note = "le interesa" });
            await Held.Waiting(app.Database);
            await erasure.Commit($"delete from client where id = '{ana}'");
        }

        (await noted).Is(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task An_erasure_does_not_wait_for_whoever_changes_the_client()
    {
        var advisor = await Advisor.Of(app);
        var ana = await advisor.HasClient("Ana");

        await using (await Held.By(app.Database, $"update client set email = 'ana@example.com' where id = '{ana}'"))
        {
            var refused = await advisor.Delete($"/api/clients/{ana}");
            refused.Is(HttpStatusCode.Conflict, "changed-meanwhile");
            Assert.True(refused.Message.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        }

        (await advisor.Delete($"/api/clients/{ana}")).Is(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task While_an_import_runs_nobody_else_adds_clients_in_numbers()
    {
        var surveys = await SurveyCalls.Of(app);
        var survey = await surveys.Has("5512345678");
        var profile = (await surveys.Advisor.Get("/api/profile")).Id;

        await using (await Held.By(app.Database, $"select pg_advisory_xact_lock(hashtextextended('client-import {profile}', 0))"))
        {
            foreach (var refused in new[] { await surveys.Convert(survey), await surveys.ConvertAll(survey), await Import(surveys.Advisor) })
            {
                refused.Is(HttpStatusCode.Conflict, "import-running");
                Assert.True(refused.Message.Headers.RetryAfter?.Delta > TimeSpan.Zero);
            }
        }

        (await surveys.Convert(survey)).Is(HttpStatusCode.Created);
    }

    private static async Task<Answer> Import(Advisor advisor)
    {
        using var file = new StringContent("Nombre;Celular\nAna;5512345670\n", System.Text.Encoding.UTF8, "text/csv");
        var answer = await advisor.Http.PostAsync("/api/clients/import", file);
        return new(answer.StatusCode, await answer.Json(), answer);
    }
}
