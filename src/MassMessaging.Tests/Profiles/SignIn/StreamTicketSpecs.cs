using System.Net;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Profiles.ApiKeys;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Profiles.SignIn;

public sealed class StreamTicketSpecs(TestApp app, TestCluster cluster) : IClassFixture<TestApp>
{
    private const string Stream = "/api/notifications/events";

    [Fact]
    public async Task A_ticket_opens_one_stream_once_on_whichever_node()
    {
        await using var other = await app.Beside(cluster);
        var ticket = await Ticket(await app.Client());

        Assert.Equal(HttpStatusCode.OK, await Open(other, ticket));
        Assert.Equal(HttpStatusCode.Unauthorized, await Open(app, ticket));
        Assert.Equal(HttpStatusCode.Unauthorized, await Open(other, ticket));
    }

    [Fact]
    public async Task Of_many_who_come_with_it_at_once_one_is_let_in()
    {
        var ticket = await Ticket(await app.Client());

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Open(app, ticket)));

        Assert.Single(answers, HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_ticket_opens_nothing_but_streams()
    {
        var ticket = await Ticket(await app.Client());

        Assert.Equal((401, "not-signed-in"), await app.Anonymous().GetAsync($"/api/profile?ticket={ticket}").Problem());
        Assert.Equal((401, "not-signed-in"), await app.Anonymous().PostAsync($"/api/auth/stream-ticket?ticket={ticket}", null).Problem());
        Assert.Equal(HttpStatusCode.OK, await Open(app, ticket)); // none of that has used it up
    }

    [Fact]
    public async Task A_ticket_ends_after_a_minute()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var other = await TestApp.Start(cluster, new TestAppOptions { Clock = clock });
        var ticket = await Ticket(await other.Client());

        clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(HttpStatusCode.Unauthorized, await Open(other, ticket));
    }

    [Fact]
    public async Task A_ticket_ends_with_the_key_that_took_it()
    {
        var owner = await app.Client();
        var key = await owner.HasKey(["read"]);
        var ticket = await Ticket(app.With(key));

        await owner.DeleteAsync($"{Keys.Address}/{key.GetProperty("id").GetGuid()}");

        Assert.Equal(HttpStatusCode.Unauthorized, await Open(app, ticket));
    }

    private static async Task<string> Ticket(HttpClient client)
    {
        using var answer = await client.PostAsync("/api/auth/stream-ticket", null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Json()).GetProperty("ticket").GetString()!;
    }

    private static async Task<HttpStatusCode> Open(TestApp service, string ticket)
    {
        using var client = service.Anonymous();
        using var answer = await client.GetAsync($"{Stream}?ticket={ticket}", HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }
}
