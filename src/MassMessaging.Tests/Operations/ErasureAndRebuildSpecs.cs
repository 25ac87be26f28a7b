using System.Net;
using MassMessaging.Kernel;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Operations;

public sealed class ErasureAndRebuildSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task Erasing_a_client_changes_no_counter_and_no_rebuild()
    {
        var advisor = await Advisor.Of(app);
        await advisor.Post("/api/whatsapp/connect");
        var erased = await advisor.HasClient("Ana");
        await advisor.HasClient("Berta");
        var campaign = await advisor.HasDraft(new { all = true });
        (await advisor.Post($"/api/campaigns/{campaign}/send")).Is(HttpStatusCode.Accepted);
        await Eventually.True(
            async () =>
            {
                await app.Settle();
                return (await advisor.Get($"/api/campaigns/{campaign}"))["status"].GetString() == "sent";
            },
            TimeSpan.FromSeconds(60), "both are sent to");
        var views = app.Services.GetRequiredService<Views>();
        var (names, tables) = (await ViewRows.Names(views), await ViewRows.Tables(views));
        var (rows, counters) = (await ViewRows.Of(app.Database, tables), (await advisor.Get($"/api/campaigns/{campaign}")).Body.ToString());

        (await advisor.Delete($"/api/clients/{erased}")).Is(HttpStatusCode.NoContent);
        await app.Settle();
        Assert.Equal(rows, await ViewRows.Of(app.Database, tables));

        var (told, sent) = (await Told(), app.Simulator.Ledger.Entries.Count);
        await app.Services.GetRequiredService<ViewRebuild>().Run(names, null, default);

        Assert.Equal(rows, await ViewRows.Of(app.Database, tables));
        Assert.Equal(counters, (await advisor.Get($"/api/campaigns/{campaign}")).Body.ToString());
        await app.Settle();
        Assert.Equal((told, sent), (await Told(), app.Simulator.Ledger.Entries.Count)); // and nobody heard of it
    }

    private async Task<long> Told() => await app.Database.Value<long>("select (select count(*) from notification) + (select count(*) from message)");
}
