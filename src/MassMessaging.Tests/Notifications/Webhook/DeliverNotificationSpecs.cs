using System.Net;
using MassMessaging.Kernel;
using MassMessaging.Notifications;
using MassMessaging.Notifications.Webhook;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Notifications.Webhook;

/// <summary>From what is told to the advisor's own system, over real HTTP.</summary>
public sealed class DeliverNotificationSpecs(DeliverNotificationSpecs.Setup setup) : IClassFixture<DeliverNotificationSpecs.Setup>, IAsyncLifetime
{
    private const string Secret = "0123456789abcdef";
    private const int Attempts = 20;

    private readonly TestApp app = setup.App;
    private readonly FakeTimeProvider clock = setup.Clock;
    private Told told = null!;

    public async ValueTask InitializeAsync() => told = await Told.By(app);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Time goes on from spec to spec.</summary>
    public sealed class Setup(TestCluster cluster) : IAsyncLifetime
    {
        public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

        public TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await TestApp.Start(cluster, new TestAppOptions
        {
            Clock = Clock,
            Settings = new Dictionary<string, string> { ["NOTIFICATION_WEBHOOK_LOOPBACK"] = "true" },
        });

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }

    [Fact]
    public async Task The_row_is_posted_signed_and_with_its_id()
    {
        await using var receiver = await LocalReceiver.Start();
        await Webhook(receiver);

        await told.Tell("Los envíos esperan.");
        await app.Drain();

        var got = Assert.Single(receiver.All);
        var row = (await told.Advisor.Get("/api/notifications")).Body[0];
        Assert.Equal(row.GetRawText(), got.Body);
        Assert.Equal("application/json; charset=utf-8", got.Headers["Content-Type"]);
        Assert.Equal(row.GetProperty("id").GetString(), got.Headers["X-MassMessaging-Id"]);
        Assert.Equal("lane-held", got.Headers["X-MassMessaging-Event"]);
        Assert.Equal(
            WebhookSignature.Of(Secret, clock.GetUtcNow(), System.Text.Encoding.UTF8.GetBytes(got.Body)), got.Headers[WebhookSignature.Header]);
        Assert.Equal(row.GetProperty("at").GetString(), (await told.Advisor.Get("/api/profile/webhook"))["lastDeliveredAt"].GetString());
    }

    [Fact]
    public async Task What_is_not_taken_is_sent_again_later_with_the_same_id()
    {
        await using var receiver = await LocalReceiver.Answering(500, 302, 200);
        await Webhook(receiver);

        await told.Tell("Los envíos esperan.");
        await app.Drain();
        Assert.Equal("status-500", (await told.Advisor.Get("/api/profile/webhook"))["lastFailure"].GetString());
        await Later(TimeSpan.FromSeconds(10));
        await Later(TimeSpan.FromSeconds(20));
        await Later(TimeSpan.FromHours(1));

        Assert.Equal(3, receiver.All.Count);
        Assert.Single(receiver.All.Select(got => got.Headers["X-MassMessaging-Id"]).Distinct());
        Assert.Equal(3, receiver.All.Select(got => got.Headers[WebhookSignature.Header]).Distinct().Count());
    }

    [Fact]
    public async Task What_is_never_taken_is_a_dead_letter_that_holds_ids_only_and_can_be_replayed()
    {
        var status = 503;
        await using var receiver = await LocalReceiver.Start(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await Webhook(receiver);

        await told.Tell("Los envíos esperan.");
        for (var attempt = 0; attempt < Attempts + 2; attempt++) await Later(TimeSpan.FromHours(1));

        Assert.Equal(Attempts, receiver.All.Count);
        var letter = Assert.Single(await DeadLetters());
        Assert.DoesNotContain("envíos", letter.Body, StringComparison.Ordinal);
        status = 200;
        await app.Services.GetRequiredService<DeadLetters>().Replay([letter.Id], CancellationToken.None);
        await app.Drain();
        Assert.Empty(await DeadLetters());
        Assert.Equal(Attempts + 1, receiver.All.Count);
    }

    [Fact]
    public async Task One_that_cannot_be_taken_keeps_no_other_back()
    {
        await using var receiver = await LocalReceiver.Answering(500, 200);
        await Webhook(receiver);

        await told.Tell("1");
        await app.Drain();
        await told.Tell("2");
        await app.Drain();

        Assert.Equal(2, receiver.All.Count);
    }

    [Fact]
    public async Task Only_the_chosen_codes_are_sent()
    {
        await using var receiver = await LocalReceiver.Start();
        await Webhook(receiver, NotificationCodes.CampaignSent);

        await told.Tell("no", NotificationCodes.LaneHeld);
        await told.Tell("yes", NotificationCodes.CampaignSent);
        await app.Drain();

        Assert.Equal("campaign-sent", Assert.Single(receiver.All).Headers["X-MassMessaging-Event"]);
    }

    [Fact]
    public async Task What_was_told_before_or_after_it_was_on_is_not_sent()
    {
        await using var receiver = await LocalReceiver.Answering(500);
        await told.Tell("before");
        await app.Drain();
        await Webhook(receiver);
        await told.Tell("between");
        await app.Drain();

        await told.Advisor.Put("/api/profile/webhook", new { url = (string?)null });
        await told.Tell("after");
        await Later(TimeSpan.FromHours(1));

        Assert.Single(receiver.All);
        Assert.Empty(await DeadLetters());
    }

    [Fact]
    public async Task No_session_is_open_while_the_receiver_thinks()
    {
        var idle = 0L;
        await using var receiver = await LocalReceiver.Start(async _ => idle = await app.Database.Value<long>(
            "select count(*) from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'"));
        await Webhook(receiver);

        await told.Tell("Los envíos esperan.");
        await app.Drain();

        Assert.Single(receiver.All);
        Assert.Equal(0, idle);
    }

    [Fact]
    public async Task Another_profile_gets_nothing_of_it()
    {
        await using var receiver = await LocalReceiver.Start();
        await Webhook(receiver);

        await (await Told.By(app)).Tell("not yours");
        await app.Drain();

        Assert.Empty(receiver.All);
    }

    private async Task Webhook(LocalReceiver receiver, params string[] events) =>
        (await told.Advisor.Put("/api/profile/webhook", new { url = receiver.Url, secret = Secret, events })).Is(HttpStatusCode.OK);

    private async Task<IReadOnlyList<DeadLetter>> DeadLetters() =>
        [.. (await app.Services.GetRequiredService<DeadLetters>().List(100, 0, CancellationToken.None))
            .Where(letter => letter.Body.Contains(told.Profile.ToString(), StringComparison.Ordinal))];

    private async Task Later(TimeSpan time)
    {
        clock.Advance(time);
        await app.Drain();
    }
}
