using System.Net;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Notifications;
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
        var told = await Hears([Open, .. events]);

        Assert.Equal(["instance-closed"], await told.Codes());
    }

    [Fact]
    public async Task A_connection_that_drops_and_comes_back_is_not_told() =>
        Assert.Empty(await (await Hears(Open, Dropped, Open)).Codes());

    [Fact]
    public async Task A_number_that_was_never_linked_is_not_told() => Assert.Empty(await (await Hears(LoggedOut)).Codes());

    [Fact]
    public async Task Who_unlinked_it_here_is_not_told()
    {
        var told = await Hears(Open);
        (await told.Advisor.Post("/api/whatsapp/disconnect")).Is(HttpStatusCode.OK);

        await Hear(told, LoggedOut, Closed, Logout);

        Assert.Empty(await told.Codes());
    }

    [Fact]
    public async Task Linked_again_and_unlinked_again_is_told_again() =>
        Assert.Equal(["instance-closed", "instance-closed"], await (await Hears(Open, LoggedOut, Open, LoggedOut)).Codes());

    private async Task<Told> Hears(params string[] events)
    {
        var told = await Told.By(app);
        await using var session = app.Services.GetRequiredService<IStore>().Open(Origin.System);
        await WhatsAppConfig.Ensure(session, told.Profile, CancellationToken.None);
        await session.Commit(CancellationToken.None);
        await Hear(told, events);
        return told;
    }

    private async Task Hear(Told told, params string[] events)
    {
        foreach (var body in events)
        {
            await using var session = app.Services.GetRequiredService<IStore>().Open(Origin.System);
            session.Send(new WebhookReceived(InstanceName.DefaultOf(told.Profile), body, session.Now));
            await session.Commit(CancellationToken.None);
            await app.Drain();
        }
    }
}
