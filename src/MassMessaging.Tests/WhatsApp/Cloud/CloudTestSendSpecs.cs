using System.Net;
using System.Text.Json;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.WhatsApp.Cloud;

/// <summary>One message outside the counters, by Meta's rules.</summary>
public sealed class CloudTestSendSpecs(TestCluster cluster) : CloudCampaigns(cluster)
{
    private const string Phone = "+5491166000000";

    [Fact]
    public async Task Inside_the_window_the_text_goes()
    {
        var campaign = await Draft(Saludo);
        Writes(Phone);
        await App.Settle();

        var sent = await Advisor.Post($"{campaign}/test-send", new { phone = Phone });

        Assert.Equal(("sent", JsonValueKind.Null), (sent["status"].GetString(), sent["metaTemplate"].ValueKind));
        var entry = Assert.Single(App.Simulator.Ledger.Entries);
        Assert.Equal((sent["text"].GetString(), null), (entry.Text, entry.Template));
    }

    [Fact]
    public async Task Outside_it_the_template_goes_with_its_parameters()
    {
        var sent = await Advisor.Post($"{await Draft(Saludo)}/test-send", new { phone = Phone });

        sent.Is(HttpStatusCode.OK);
        Assert.Equal("saludo", Assert.Single(App.Simulator.Ledger.Entries).Template);
        Assert.Equal("saludo", sent["metaTemplate"].GetProperty("name").GetString());
        Assert.Equal("Julia", sent["metaTemplate"].GetProperty("parameters")[1].GetString());
        Assert.EndsWith(", Julia", sent["text"].GetString(), StringComparison.Ordinal);
        Assert.StartsWith("saludo (es_AR): ", sent["text"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Outside_it_without_a_template_it_is_refused_before_a_slot_is_taken()
    {
        (await Advisor.Post($"{await Draft(null)}/test-send", new { phone = Phone })).Is(HttpStatusCode.Conflict, "window-closed");

        Assert.Empty(App.Simulator.Ledger.Received);
        Assert.Equal(0, (await Advisor.Get("/api/whatsapp/lane"))["sentInWindow"].GetInt32());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_Meta_has_closed_it_already_its_word_counts(bool hasTemplate)
    {
        var campaign = await Draft(hasTemplate ? Saludo : null);
        Writes(Phone);
        await App.Settle();
        App.Simulator.Faults.Set(new Fault(FaultKind.MetaError, Number.Id, Text: "131047", Times: 1));

        var answer = await Advisor.Post($"{campaign}/test-send", new { phone = Phone });

        if (hasTemplate)
        {
            answer.Is(HttpStatusCode.OK);
            Assert.Equal("saludo", Assert.Single(App.Simulator.Ledger.Entries).Template);
            return;
        }

        answer.Is(HttpStatusCode.Conflict, "window-closed");
        Assert.Empty(App.Simulator.Ledger.Entries);
        (await Advisor.Post($"{campaign}/test-send", new { phone = Phone })).Is(HttpStatusCode.Conflict, "window-closed");
        Assert.Single(App.Simulator.Ledger.Received);
    }
}
