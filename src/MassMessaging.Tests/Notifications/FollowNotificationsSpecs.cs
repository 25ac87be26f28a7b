using System.Net.ServerSentEvents;
using System.Text.Json;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MassMessaging.Tests.Notifications;

public sealed class FollowNotificationsSpecs(FollowNotificationsSpecs.Setup setup, TestCluster cluster)
    : IClassFixture<FollowNotificationsSpecs.Setup>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TestApp app = setup.App;

    public sealed class Setup(TestCluster cluster) : IAsyncLifetime
    {
        public TestApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await TestApp.Start(cluster, new TestAppOptions { Daemons = true });

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }

    [Fact]
    public async Task A_first_reader_gets_what_is_unread_and_then_what_is_new()
    {
        var told = await Told.By(app);
        await told.Tell("read");
        await told.Tell("unread");
        await told.Advisor.Post($"/api/notifications/{await told.IdOf("read")}/read");
        await app.Drain();

        await using var stream = Follow(told).GetAsyncEnumerator();
        var first = await Next(stream);
        await told.Tell("new");

        Assert.Equal("unread", TextOf(first));
        Assert.Equal("notification", first.EventType);
        Assert.Equal("new", TextOf(await Next(stream)));
    }

    [Fact]
    public async Task A_reader_that_comes_back_gets_what_followed_even_if_it_was_read_elsewhere()
    {
        var told = await Told.By(app);
        foreach (var text in (string[])["1", "2", "3"]) await told.Tell(text);
        await app.Drain();
        string seen;
        await using (var before = Follow(told).GetAsyncEnumerator()) seen = (await Next(before)).EventId!;
        await told.Advisor.Post($"/api/notifications/{await told.IdOf("2")}/read");

        await using var stream = Follow(told, seen).GetAsyncEnumerator();

        Assert.Equal(["2", "3"], [TextOf(await Next(stream)), TextOf(await Next(stream))]);
    }

    [Fact]
    public async Task An_id_that_is_not_there_any_more_counts_as_a_first_reader()
    {
        var told = await Told.By(app);
        await told.Tell("unread");
        await app.Drain();

        await using var stream = Follow(told, Guid.NewGuid().ToString()).GetAsyncEnumerator();

        Assert.Equal("unread", TextOf(await Next(stream)));
    }

    [Fact]
    public async Task Many_tellers_at_once_lose_nobody_and_nothing_comes_twice()
    {
        var told = await Told.By(app);
        await using var stream = Follow(told).GetAsyncEnumerator();

        var tellers = Enumerable.Range(0, 8).Select(async teller =>
        {
            for (var each = 0; each < 20; each++) await told.Tell($"{teller}-{each}");
        });
        var all = Task.WhenAll(tellers);
        var seen = new List<string>();
        while (seen.Count < 160) seen.Add(TextOf(await Next(stream)));
        await all;

        Assert.Equal(160, seen.Distinct().Count());
    }

    [Fact]
    public async Task Nobody_hears_what_another_is_told()
    {
        var (told, other) = (await Told.By(app), await Told.By(app));
        await other.Tell("not yours");
        await using var stream = Follow(told).GetAsyncEnumerator();

        await told.Tell("yours");

        Assert.Equal("yours", TextOf(await Next(stream)));
    }

    [Fact]
    public async Task The_stream_ends_when_the_service_stops()
    {
        await using var stopping = await TestApp.Start(cluster, new TestAppOptions { Daemons = true });
        var told = await Told.By(stopping);
        await told.Tell("before");
        await using var stream = Follow(told).GetAsyncEnumerator();
        await Next(stream);

        stopping.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        Assert.False(await stream.MoveNextAsync().AsTask().WaitAsync(Patience));
    }

    private static async Task<SseItem<string>> Next(IAsyncEnumerator<SseItem<string>> stream)
    {
        Assert.True(await stream.MoveNextAsync().AsTask().WaitAsync(Patience));
        return stream.Current;
    }

    private static string TextOf(SseItem<string> item) => JsonElement.Parse(item.Data).GetProperty("text").GetString()!;

    private static async IAsyncEnumerable<SseItem<string>> Follow(Told told, string? lastSeen = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/notifications/events");
        if (lastSeen is not null) request.Headers.Add("Last-Event-ID", lastSeen);
        using var response = await told.Advisor.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync()) yield return item;
    }
}
