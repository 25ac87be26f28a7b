using MassMessaging.Campaigns.Sending;
using MassMessaging.Kernel;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using MassMessaging.WhatsApp;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.WhatsApp;

/// <summary>Webhooks and answers tell how an instance stands, in whatever order they come.</summary>
public sealed class InstanceStateSpecs(TestApp app, TestCluster cluster) : IClassFixture<TestApp>
{
    [Fact]
    public async Task An_answer_older_than_what_is_known_changes_nothing()
    {
        var advisor = await Advisor.Of(app);
        await advisor.Post("/api/whatsapp/connect");
        await app.Settle();
        var instance = (await advisor.Get("/api/whatsapp/config"))["instance"].GetString()!;
        var since = (await advisor.Get("/api/whatsapp/status"))["since"].GetDateTimeOffset();

        await Recorded(new(instance, InstanceState.Connecting, null, null, since.AddSeconds(-1)));
        Assert.Equal("open", await Known(instance));

        await Recorded(new(instance, InstanceState.Connecting, null, null, since.AddSeconds(1)));
        Assert.Equal("connecting", await Known(instance));
    }

    [Fact]
    public async Task A_number_that_is_being_linked_is_asked_after_though_its_webhooks_are_lost()
    {
        await using var own = await TestApp.Start(cluster, new TestAppOptions());
        await (await Advisor.Of(own)).Post("/api/whatsapp/connect");
        await own.Simulator.Settled(CancellationToken.None);
        await own.Database.Execute("delete from message");
        Assert.Equal("connecting", await own.Database.Value<string>("select state from whatsapp_config"));

        await own.Services.GetRequiredService<WatchInstances>().RunOnce(CancellationToken.None);

        Assert.Equal("open", await own.Database.Value<string>("select state from whatsapp_config"));
    }

    private Task<string?> Known(string instance) => app.Database.Value<string>($"select state from whatsapp_config where instance = '{instance}'");

    private async Task Recorded(InstanceStateSeen seen)
    {
        await using var session = app.Services.GetRequiredService<IStore>().Open(Origin.System);
        await WhatsAppConfig.Record(session, seen, CancellationToken.None);
        await session.Commit(CancellationToken.None);
    }
}
