using System.Net;
using MassMessaging.Kernel;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using MassMessaging.WhatsApp;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.WhatsApp;

public sealed class ClosedInstanceSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string Open = """{"event":"connection.update","data":{"state":"open","wuid":"5491155550000@s.whatsapp.net"}}""";
    private const string LoggedOut = """{"event":"connection.update","data":{"state":"close","statusReason":401}}""";
    private const string Closed = """{"event":"status.instance","data":{"disconnectionReasonCode":401}}""";
    private const string Logout = """{"event":"logout.instance","data":null}""";
    private const string Dropped = """{"event":"connection.update","data":{"state":"close","statusReason":428}}""";

    [Theory]
    [InlineData(LoggedOut, Closed, Logout)]
    [InlineData(Logout, Closed, LoggedOut)]
    [InlineData(Closed, Logout, LoggedOut)]
    public async Task A_number_that_was_unlinked_on_the_phone_is_told_once_in_whatever_order_the_gateway_says_it(params string[] events)
    {
        var advisor = await Hears([Open, .. events]);

        Assert.Equal(["instance-closed"], await Codes(advisor));
    }

    [Fact]
    public async Task A_connection_that_drops_and_comes_back_is_not_told() => Assert.Empty(await Codes(await Hears(Open, Dropped, Open)));

    [Fact]
    public async Task A_number_that_was_never_linked_is_not_told() => Assert.Empty(await Codes(await Hears(LoggedOut)));

    [Fact]
    public async Task Who_unlinked_it_here_is_not_told()
    {
        var advisor = await Hears(Open);
        await advisor.Post("/api/whatsapp/disconnect");

        await Hear(advisor, LoggedOut, Closed, Logout);

        Assert.Empty(await Codes(advisor));
    }

    [Fact]
    public async Task Linked_again_and_unlinked_again_is_told_again() =>
        Assert.Equal(["instance-closed", "instance-closed"], await Codes(await Hears(Open, LoggedOut, Open, LoggedOut)));

    private async Task<Advisor> Hears(params string[] events)
    {
        var advisor = await Advisor.Of(app);
        var name = (await advisor.Get("/api/whatsapp/config"))["instance"].GetString();
        (await advisor.Put("/api/whatsapp/config", new { gateway = "evolution", instance = name })).Is(HttpStatusCode.OK);
        await Hear(advisor, events);
        return advisor;
    }

    private async Task Hear(Advisor advisor, params string[] events)
    {
        var name = (await advisor.Get("/api/whatsapp/config"))["instance"].GetString()!;
        foreach (var body in events)
        {
            await using var session = app.Services.GetRequiredService<IStore>().Open(Origin.System);
            session.Send(new WebhookReceived(name, body, session.Now));
            await session.Commit(CancellationToken.None);
            await app.Drain();
        }
    }

    private static async Task<IEnumerable<string>> Codes(Advisor advisor) =>
        (await advisor.Get("/api/notifications")).Body.EnumerateArray().Select(row => row.GetProperty("code").GetString()!);
}
