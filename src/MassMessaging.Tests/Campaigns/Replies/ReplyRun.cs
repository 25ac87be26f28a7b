using System.Net.Http.Json;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using MassMessaging.WhatsApp;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Campaigns.Replies;

/// <summary>An advisor with a linked number and a client, Ana, who writes back: through the simulated gateway's webhooks, or as they are read.</summary>
public abstract class ReplyRun(TestCluster cluster) : IAsyncLifetime
{
    protected const string Ana = "5491155000000";

    protected TestApp App { get; private set; } = null!;

    protected Advisor Advisor { get; private set; } = null!;

    protected Guid AnaId { get; private set; }

    protected string Instance { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        App = await TestApp.Start(
            cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });
        Advisor = await Advisor.Of(App);
        AnaId = await Advisor.HasClient("Ana");
        await Advisor.Post("/api/whatsapp/connect");
        await App.Settle();
        Instance = (await App.Database.Value<string>("select instance from whatsapp_config"))!;
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task Writes(string from, string text, string? quoted = null, bool asLid = false)
    {
        using var http = new HttpClient();
        var written = await http.PostAsJsonAsync(
            $"{App.Simulator.Url}/simulator/instances/{Instance}/incoming", new { from, text, quotedId = quoted, lid = asLid });
        written.EnsureSuccessStatusCode();
        await App.Settle();
    }

    /// <summary>From Ana, as the webhook reader announces it.</summary>
    protected async Task<IncomingMessage> Message(string text, string id, DateTimeOffset? at = null) => new(
        await App.Database.Value<Guid>("select profile_id from whatsapp_config"), Instance, id, $"+{Ana}", text, null,
        at ?? TimeProvider.System.GetUtcNow());

    protected async Task Sends(object message)
    {
        await using (var session = App.Services.GetRequiredService<IStore>().Open(Origin.System))
        {
            session.Send(message);
            await session.Commit(CancellationToken.None);
        }

        await App.Settle();
    }
}
