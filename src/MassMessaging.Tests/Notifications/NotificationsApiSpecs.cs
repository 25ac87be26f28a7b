using System.Net;
using MassMessaging.Notifications;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Notifications;

public sealed class NotificationsApiSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task A_row_has_the_agreed_fields()
    {
        var told = await Told.By(app);
        await told.Tell("Los envíos siguen.", NotificationCodes.LaneGoesOn);

        var row = Assert.Single((await told.Advisor.Get("/api/notifications")).Body.EnumerateArray());

        Assert.Equal(["id", "code", "campaignId", "text", "at", "readAt"], row.EnumerateObject().Select(field => field.Name));
        Assert.Equal("lane-goes-on", row.GetProperty("code").GetString());
        Assert.Equal("Los envíos siguen.", row.GetProperty("text").GetString());
    }

    [Fact]
    public async Task The_newest_comes_first_and_pages_lead_on()
    {
        var told = await Told.By(app);
        foreach (var text in (string[])["1", "2", "3"]) await told.Tell(text);

        var first = await told.Advisor.Get("/api/notifications?limit=2");
        var next = await told.Advisor.Get(first.Message.Headers.GetValues("Link").Single()[1..].Split('>')[0]);

        Assert.Equal(["3", "2"], Texts(first));
        Assert.Equal("3", first.Message.Headers.GetValues("X-Total-Count").Single());
        Assert.Equal(["1"], Texts(next));
        Assert.False(next.Message.Headers.Contains("Link"));
    }

    [Fact]
    public async Task What_was_read_and_what_was_not_can_be_asked_for()
    {
        var told = await Told.By(app);
        await told.Tell("old");
        await told.Tell("new");
        await told.Advisor.Post($"/api/notifications/{await told.IdOf("old")}/read");

        var unread = await told.Advisor.Get("/api/notifications?unread=true");

        Assert.Equal(["new"], Texts(unread));
        Assert.Equal("1", unread.Message.Headers.GetValues("X-Total-Count").Single());
        Assert.Equal(["old"], Texts(await told.Advisor.Get("/api/notifications?unread=false")));
    }

    [Fact]
    public async Task A_filter_that_is_neither_true_nor_false_is_refused()
    {
        var told = await Told.By(app);

        var answer = await told.Advisor.Get("/api/notifications?unread=perhaps");

        answer.Is(HttpStatusCode.BadRequest, "validation-failed");
        Assert.Equal(["unread"], answer.WrongFields);
    }

    [Fact]
    public async Task Reading_twice_keeps_the_first_time()
    {
        var told = await Told.By(app);
        await told.Tell("once");
        var address = $"/api/notifications/{await told.IdOf("once")}/read";

        var first = await told.Advisor.Post(address);
        var second = await told.Advisor.Post(address);

        first.Is(HttpStatusCode.OK);
        second.Is(HttpStatusCode.OK);
        Assert.NotNull(first["readAt"].GetString());
        Assert.Equal(first.Body.GetRawText(), second.Body.GetRawText());
    }

    [Fact]
    public async Task Nobody_sees_or_reads_what_another_was_told()
    {
        var told = await Told.By(app);
        await told.Tell("private");
        var other = await Told.By(app);

        Assert.Empty(Texts(await other.Advisor.Get("/api/notifications")));
        (await other.Advisor.Post($"/api/notifications/{await told.IdOf("private")}/read")).Is(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(["private"], Texts(await told.Advisor.Get("/api/notifications?unread=true")));
    }

    [Theory]
    [InlineData("GET", "/api/notifications")]
    [InlineData("GET", "/api/notifications/events")]
    [InlineData("POST", "/api/notifications/01980c5e-6c1f-7c3a-9d51-2f6f3a1b4c7d/read")]
    [InlineData("GET", "/api/profile/webhook")]
    [InlineData("PUT", "/api/profile/webhook")]
    public async Task Whoever_is_not_signed_in_is_told_nothing(string method, string address) => Assert.Equal(
        (401, "not-signed-in"), await app.Anonymous().SendAsync(new HttpRequestMessage(new HttpMethod(method), address)).Problem());

    private static IEnumerable<string> Texts(Answer list) => list.Body.EnumerateArray().Select(row => row.GetProperty("text").GetString()!);
}
