using System.Net;
using MassMessaging.Kernel;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Telemetry;

/// <summary>Alone: the meters and sources of this process are those of every spec that runs beside it.</summary>
[CollectionDefinition(nameof(CampaignRun), DisableParallelization = true)]
public sealed class CampaignRunCollection : ICollectionFixture<CampaignRun>;

/// <summary>One campaign to two people, sent, delivered and read, by a service that exports to a collector.</summary>
public sealed class CampaignRun(TestCluster cluster) : IAsyncLifetime
{
    private OtlpReceiver receiver = null!;

    public Guid Profile { get; private set; }

    public Guid Campaign { get; private set; }

    internal IReadOnlyList<Span> Spans { get; private set; } = [];

    internal IReadOnlyList<Point> Points { get; private set; } = [];

    internal IReadOnlyList<string> Services { get; private set; } = [];

    /// <summary>The one that asked to send, among those of other specs.</summary>
    internal Span Request
    {
        get
        {
            var trace = Spans.First(span => span.Tags.GetValueOrDefault("massmessaging.campaign") == Campaign.ToString()).TraceId;
            return Spans.Single(span => span.TraceId == trace && span.Name == "POST /api/campaigns/{campaignId:guid}/send");
        }
    }

    public async ValueTask InitializeAsync()
    {
        receiver = await OtlpReceiver.Start();
        var settings = receiver.Settings.Concat(TestAppOptions.Unpaced).ToDictionary();
        var app = await TestApp.Start(cluster, new TestAppOptions { Settings = settings });
        var advisor = await Advisor.Of(app);
        Profile = (await advisor.Get("/api/profile")).Id;
        foreach (var name in (string[])["Ana", "Beto"]) await advisor.HasClient(name);
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        Campaign = await advisor.HasDraft(new { all = true });
        (await advisor.Post($"/api/campaigns/{Campaign}/send")).Is(HttpStatusCode.Accepted);
        (await advisor.Post("/api/ai/messages/generate", new { objective = "Recordatorio a Ana", tone = "muy cercano", count = 1 })).Is(HttpStatusCode.OK);
        await Eventually.True(
            async () =>
            {
                await app.Settle();
                return (await advisor.Get($"/api/campaigns/{Campaign}"))["readCount"].GetInt32() == 2;
            },
            TimeSpan.FromMinutes(1), "both have read it");
        await Eventually.True(
            async () =>
            {
                await app.Services.GetRequiredService<Nodes>().Beat(CancellationToken.None); // as a worker's heartbeat does: gauges are of living nodes
                return IsTold();
            },
            TimeSpan.FromMinutes(1), "all of it was exported");
        await app.DisposeAsync();
        (Spans, Points, Services) = (receiver.Spans, receiver.Points, receiver.Services);
    }

    private bool IsTold()
    {
        var points = receiver.LastPoints;
        return points.Any(point => point.Name == "massmessaging.view.stopped") && points.Any(point =>
            point is { Name: "massmessaging.messages.delivered", Sum: 2 } && point.Tags["campaign"] == Campaign.ToString());
    }

    public ValueTask DisposeAsync() => receiver.DisposeAsync();
}
