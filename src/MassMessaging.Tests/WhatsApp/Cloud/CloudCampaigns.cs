using System.Net;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.WhatsApp.Cloud;

/// <summary>An advisor with a number at Meta, in a service of their own, and what campaign specs do with it.</summary>
/// <param name="messages">In <paramref name="perSeconds"/>: within Meta's 80 a second by default, so that a permit lives for a second.</param>
public abstract class CloudCampaigns(TestCluster cluster, string messages = "4000", string perSeconds = "60") : IAsyncLifetime
{
    protected static readonly object Saludo = new { name = "saludo", language = "es_AR", parameters = new[] { "{nombre_cliente}", "Julia" } };

    private CloudAdvisor cloud = null!;

    protected TestApp App { get; private set; } = null!;

    protected MassMessaging.Simulator.Cloud.CloudNumber Number => cloud.Number;

    protected Advisor Advisor => cloud.Advisor;

    public async ValueTask InitializeAsync()
    {
        App = await TestApp.Start(
            cluster,
            new TestAppOptions
            {
                Settings = new Dictionary<string, string> { ["Pacing:Messages"] = messages, ["Pacing:PerSeconds"] = perSeconds },
            });
        cloud = await CloudAdvisor.Of(App);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<string> Wrote(string name)
    {
        var phone = (await Advisor.Get($"/api/clients?q={name}")).Body[0].GetProperty("phone").GetString()!;
        Writes(phone);
        await App.Settle();
        return phone;
    }

    protected async Task<string> Draft(object? metaTemplate, params string[] names)
    {
        foreach (var name in names) await Advisor.HasClient(name);
        var created = await Advisor.Post("/api/campaigns", new
        {
            name = "Marzo", objective = "ventas", messageContent = "Hola {nombre_cliente}", audience = new { all = true }, metaTemplate,
        });
        created.Is(HttpStatusCode.Created);
        return $"/api/campaigns/{created.Id}";
    }

    protected void Writes(string phone) => cloud.Writes(phone);
}
