using System.Net.Http.Json;
using System.Text.Json;
using MassMessaging.Campaigns.Restores;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Campaigns.Restores;

/// <summary>
/// A service whose database is said to be another one than it last worked with. What that one lost is sent here through the gateway directly,
/// as a service did that nobody remembers.
/// </summary>
public abstract class RestoredRun(TestCluster cluster) : IAsyncLifetime
{
    protected TestApp App { get; private set; } = null!;

    protected Advisor Advisor { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        App = await TestApp.Start(cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });
        Advisor = await Advisor.Of(App);
        await Advisor.Put("/api/profile", new { identification = new { enabled = false } });
        await Advisor.Post("/api/whatsapp/connect");
        await App.Settle();
        foreach (var name in (string[])["Ana", "Beto", "Caro"]) await Advisor.HasClient(name);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<string> Launched()
    {
        var campaign = $"/api/campaigns/{await Advisor.HasDraft(new { all = true })}";
        await Advisor.Post($"{campaign}/send");
        await App.Services.GetRequiredService<KernelDrain>().Drain(CancellationToken.None); // planned, nobody granted
        return campaign;
    }

    /// <summary>Of another time than this run's, which the copy knows until now.</summary>
    protected Task Restored() => App.Database.Execute("update known_database set identity = 'another', alive_at = now()");

    protected async Task LostSend(string name)
    {
        var phone = await App.Database.Value<string>($"select phone from client where name = '{name}'");
        using var gateway = new HttpClient { BaseAddress = new Uri(App.Simulator.Url) };
        gateway.DefaultRequestHeaders.Add("apikey", App.Simulator.ApiKey);
        var instance = (await Advisor.Get("/api/whatsapp/config"))["instance"].GetString();
        (await gateway.PostAsJsonAsync($"/message/sendText/{instance}", new { number = phone!.TrimStart('+'), text = $"Hola {name}" })).EnsureSuccessStatusCode();
    }

    /// <summary>After a restore a lane rests for a window.</summary>
    protected async Task Drain()
    {
        await App.Database.Execute("update lane set next_at = '-infinity'");
        await App.Drain();
    }

    protected async Task Settle()
    {
        await App.Database.Execute("update lane set next_at = '-infinity'");
        await App.Settle();
    }

    protected HoldRestored Guard() => App.Services.GetRequiredService<HoldRestored>();

    protected Task<bool> Hold() => Guard().RunOnce(CancellationToken.None);

    protected Task<int> Check() => App.Services.GetRequiredService<CheckRestored>().RunOnce(CancellationToken.None);

    protected async Task<(string?, string?)> Status(string campaign)
    {
        var row = await Advisor.Get(campaign);
        return (row["status"].GetString(), row["statusReason"].ValueKind == JsonValueKind.Null ? null : row["statusReason"].GetString());
    }

    protected async Task<(int Sent, int Pending)> Counts(string campaign) =>
        await Advisor.Get(campaign) is var row ? (row["sentCount"].GetInt32(), row["pendingCount"].GetInt32()) : default;
}
