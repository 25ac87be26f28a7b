using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Analytics;

public sealed class CampaignMeterSpecs(TestCluster cluster)
{
    [Fact]
    public async Task Monitoring_sees_what_is_sent_delivered_and_ended_and_how_long_sending_took()
    {
        await using var app = await TestApp.Start(cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });
        var advisor = await Advisor.Of(app);
        var profile = (await advisor.Get("/api/profile")).Id;
        foreach (var name in (string[])["Ana", "Beto"]) await advisor.HasClient(name);
        await advisor.Post("/api/whatsapp/connect");
        var campaign = await advisor.HasDraft(new { all = true });
        var seen = new ConcurrentBag<(string Name, double Value, string Tags)>();
        using var listener = Listen(profile, seen);

        await advisor.Post($"/api/campaigns/{campaign}/send");
        await Eventually.True(
            async () =>
            {
                await app.Settle();
                return (await advisor.Get($"/api/campaigns/{campaign}"))["readCount"].GetInt32() == 2;
            },
            TimeSpan.FromMinutes(1), "both have read it");

        double Sum(string name, string tag) => seen.Where(one => one.Name == name && one.Tags.Contains(tag, StringComparison.Ordinal)).Sum(one => one.Value);
        Assert.Equal(2, Sum("massmessaging.messages.sent", $"campaign={campaign}"));
        Assert.Equal(2, Sum("massmessaging.messages.delivered", $"campaign={campaign}"));
        Assert.Equal(1, Sum("massmessaging.campaign.completion", "status=sent"));
        Assert.Equal(2, seen.Count(one => one is { Name: "massmessaging.message.send.duration", Value: >= 0 }));
    }

    /// <summary>Of that profile alone: other specs send too.</summary>
    private static MeterListener Listen(Guid profile, ConcurrentBag<(string Name, double Value, string Tags)> seen)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == "MassMessaging.Campaigns") listening.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument.Name, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument.Name, value, tags));
        listener.Start();
        return listener;

        void Note(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var text = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
            if (text.Contains(profile.ToString(), StringComparison.Ordinal)) seen.Add((name, value, text));
        }
    }
}
