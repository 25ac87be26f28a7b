using System.Net;
using MassMessaging.Idempotency;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Idempotency;

/// <summary>What happens around a request that has not ended: each spec stops it where a crash could.</summary>
public sealed class RunningRequestSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string NoNotes = "lock table client_note in access exclusive mode";
    private const string LeaseIsOver = "update idempotent_request set claimed_until = claimed_until - interval '1 hour'";

    private static readonly object Body = new { note = "once" };

    [Fact]
    public async Task While_it_runs_a_repeat_is_told_to_ask_again()
    {
        var (advisor, notes, key) = await Begin();
        Task<Repeated> running;
        await using (await Held.By(app.Database, NoNotes))
        {
            running = advisor.Post(key, Body, notes);
            await Held.Waiting(app.Database);

            var repeat = await advisor.Post(key, Body, notes);
            Assert.Equal((409, "idempotency-in-progress"), repeat.Refusal);
            Assert.True(repeat.RetryAfter > TimeSpan.Zero);
            Assert.Equal("idempotency-key-reused", (await advisor.Post(key, new { note = "other" }, notes)).Code);
        }

        Assert.Equal(201, (await running).Status);
        Assert.Equal((await running) with { IsReplayed = true }, await advisor.Post(key, Body, notes));
    }

    [Fact]
    public async Task It_is_carried_to_its_end_when_the_caller_goes_away()
    {
        var (advisor, notes, key) = await Begin();
        await using (await Held.By(app.Database, NoNotes))
        {
            using var patience = new CancellationTokenSource();
            var left = advisor.Post(key, Body, notes, patience.Token);
            await Held.Waiting(app.Database);
            await patience.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        }

        await Answered(advisor);
        Assert.Equal((201, true), (await advisor.Post(key, Body, notes)).Done);
        Assert.Equal(1, await advisor.Count(notes));
    }

    [Fact]
    public async Task One_whose_lease_is_over_gives_way_and_commits_nothing()
    {
        var (advisor, notes, key) = await Begin();
        Task<Repeated> first, second;
        await using (await Held.By(app.Database, NoNotes))
        {
            first = advisor.Post(key, Body, notes);
            await Held.Waiting(app.Database);
            await app.Database.Execute(LeaseIsOver);
            second = advisor.Post(key, Body, notes);
            await Held.Waiting(app.Database, sessions: 2);
        }

        Assert.Equal("idempotency-in-progress", (await first).Code);
        Assert.Equal(201, (await second).Status);
        Assert.Equal(1, await advisor.Count(notes));
        Assert.Equal((await second) with { IsReplayed = true }, await advisor.Post(key, Body, notes));
    }

    [Fact]
    public async Task Done_without_an_answer_it_is_never_done_again()
    {
        var (advisor, notes, key) = await Begin();
        await advisor.Post(key, Body, notes);
        await app.Database.Execute("update idempotent_request set answer = null");
        await app.Database.Execute(LeaseIsOver);

        Assert.Equal((409, "idempotency-answer-not-kept"), (await advisor.Post(key, Body, notes)).Refusal);
        Assert.Equal(1, await advisor.Count(notes));
    }

    [Fact]
    public async Task Answers_that_name_an_erased_client_go_with_it()
    {
        var (advisor, notes, key) = await Begin();
        var (_, others, kept) = await Begin(advisor, number: 1);
        await advisor.Post(key, Body, notes);
        await advisor.Post(kept, Body, others);

        using var erased = await advisor.Http.DeleteAsync(notes.Replace("/notes", "", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.NoContent, erased.StatusCode);
        Assert.Equal("idempotency-answer-not-kept", (await advisor.Post(key, Body, notes)).Code);
        Assert.True((await advisor.Post(kept, Body, others)).IsReplayed);
    }

    [Fact]
    public async Task An_answer_from_before_an_erasure_is_not_kept_after_it()
    {
        var (advisor, notes, key) = await Begin();
        var profile = (await advisor.Http.Get("/api/profile")).GetProperty("id").GetGuid();
        Task<Repeated> running;
        await using (var erasure = await Held.By(
            app.Database, $"select pg_advisory_xact_lock(hashtextextended('erasure:{profile}', 0))"))
        {
            running = advisor.Post(key, Body, notes);
            await Held.Waiting(app.Database); // committed, and not yet kept
            await erasure.Commit($"insert into idempotent_erasure values ('{profile}', 1)");
        }

        Assert.Equal(201, (await running).Status);
        Assert.Equal("idempotency-answer-not-kept", (await advisor.Post(key, Body, notes)).Code);
    }

    [Fact]
    public async Task What_is_older_than_a_day_is_swept()
    {
        var (advisor, notes, key) = await Begin();
        await advisor.Post(key, Body, notes);
        var sweep = app.Services.GetRequiredService<SweepAnswers>();
        await app.Database.Execute("update idempotent_request set claimed_at = claimed_at - interval '24 hours'");

        Assert.NotEqual(0, await sweep.RunOnce(CancellationToken.None));
        Assert.Equal(0, await app.Database.Value<long>("select count(*) from idempotent_request"));
    }

    private async Task<(Repeats Advisor, string Notes, string Key)> Begin(Repeats? advisor = null, int number = 0)
    {
        advisor ??= await Repeats.Of(app);
        return (advisor, $"{Repeats.Clients}/{await advisor.Client(number)}/notes", Repeats.NewKey());
    }

    /// <summary>Of this advisor: other specs leave requests that have lost their answers.</summary>
    private async Task Answered(Repeats advisor)
    {
        var profile = (await advisor.Http.Get("/api/profile")).GetProperty("id").GetGuid();
        await Eventually.True(
            async () => await app.Database.Value<long>($"select count(*) from idempotent_request where answer is null and profile_id = '{profile}'") == 0,
            TimeSpan.FromSeconds(20), "every request is answered");
    }
}
