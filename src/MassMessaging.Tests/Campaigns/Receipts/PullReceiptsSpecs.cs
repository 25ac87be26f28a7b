using MassMessaging.Campaigns.Receipts;
using MassMessaging.Kernel;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;
using MassMessaging.WhatsApp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MassMessaging.Tests.Campaigns.Receipts;

/// <summary>
/// Receipts whose webhooks were lost, pulled from the simulated gateway over HTTP; and how it is paced, from a gateway in memory.
/// </summary>
public sealed class PullReceiptsSpecs(TestCluster cluster) : IAsyncLifetime
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;
    private TestApp app = null!;
    private Advisor advisor = null!;
    private string campaign = null!;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.Start(
            cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });
        advisor = await Advisor.Of(app);
        app.Simulator.Faults.Set(new Fault(FaultKind.LostWebhook));
        for (var client = 0; client < 7; client++) await advisor.HasClient($"Cliente {client}");
        await advisor.Post("/api/whatsapp/connect");
        await app.Settle();
        campaign = $"/api/campaigns/{await advisor.HasDraft(new { all = true })}";
        await advisor.Post($"{campaign}/send");
        await app.Settle();
        Assert.Equal((7, 0), (await Count("sentCount"), await Count("deliveredCount")));
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Receipts_that_the_gateway_kept_and_never_told_are_counted()
    {
        await Age(TimeSpan.FromMinutes(11));
        Assert.Equal(7, await All(app.Services.GetRequiredService<PullReceipts>()));
        await app.Settle();

        Assert.Equal((7, 7), (await Count("deliveredCount"), await Count("readCount")));
        var member = (await advisor.Get($"{campaign}/audience")).Body[0];
        Assert.Equal("read", member.GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_message_is_asked_about_once_at_each_age_and_no_more_after_the_last()
    {
        var gateway = new Memory(_ => []);
        foreach (var (age, asked) in ((double, int)[])[(5, 0), (11, 7), (30, 7), (61, 14), (361, 21), (1441, 28), (2800, 28)])
        {
            await Age(TimeSpan.FromMinutes(age));
            await All(Pull(gateway));
            Assert.Equal(asked, gateway.Asked.Count);
        }

        Assert.All(gateway.Asked.GroupBy(id => id), times => Assert.Equal(4, times.Count()));
    }

    [Fact]
    public async Task One_run_asks_about_three_messages_of_a_number()
    {
        var gateway = new Memory(_ => []);
        await Age(TimeSpan.FromMinutes(11));
        var pull = Pull(gateway);

        var runs = new List<int>();
        for (var run = 0; run < 4; run++) runs.Add(await pull.RunOnce(ct));

        Assert.Equal([3, 3, 1, 0], runs);
    }

    [Fact]
    public async Task A_gateway_that_is_away_is_left_alone_for_a_while_and_asked_on_where_it_stopped()
    {
        var calls = 0;
        var gateway = new Memory(_ => ++calls == 2 ? null : [ReceiptKind.Delivered]);
        await Age(TimeSpan.FromMinutes(11));
        var pull = Pull(gateway);

        Assert.Equal(1, await All(pull));
        Assert.Equal(0, await pull.RunOnce(ct));
        await app.Database.Execute("update receipt_pull set due_at = '-infinity' where step = 0");
        await All(pull);
        await app.Settle();

        Assert.Equal(8, gateway.Asked.Count);
        Assert.Equal(7, await Count("deliveredCount"));
    }

    [Theory]
    [InlineData("update whatsapp_config set state = 'close'")]
    [InlineData("update lane set held_until = now() + interval '1 hour'")]
    [InlineData("update campaign set updated_at = now() - interval '3 days'")]
    public async Task A_number_that_is_closed_or_held_and_a_campaign_of_long_ago_are_not_asked_about(string but)
    {
        var gateway = new Memory(_ => []);
        await Age(TimeSpan.FromMinutes(11));
        await app.Database.Execute(but);

        Assert.Equal(0, await All(Pull(gateway)));
    }

    [Fact]
    public async Task Two_nodes_share_the_work()
    {
        var gateway = new Memory(_ => []);
        await Age(TimeSpan.FromMinutes(11));
        await Task.WhenAll(All(Pull(gateway)), All(Pull(gateway)));
        await All(Pull(gateway));

        Assert.Equal(7, gateway.Asked.Distinct().Count());
        Assert.Equal(7, gateway.Asked.Count);
    }

    private PullReceipts Pull(Memory gateway) => new(
        app.Services.GetRequiredService<IStore>(), gateway, app.Services.GetServices<IReceiptSubscriber>(), ReceiptPull.Of(null),
        NullLogger<PullReceipts>.Instance);

    private async Task<int> All(PullReceipts pull)
    {
        var all = 0;
        for (var idle = 0; idle < ReceiptPull.Of(null).Ages.Count;) // a round may find nobody
        {
            var asked = await pull.RunOnce(ct);
            all += asked;
            idle = asked == 0 ? idle + 1 : 0;
        }

        return all;
    }

    /// <summary>The messages are so old, and every round that may begin does.</summary>
    private async Task Age(TimeSpan age)
    {
        var at = $"now() - interval '{(int)age.TotalSeconds} seconds'";
        await app.Database.Execute($"update campaign set started_at = {at}");
        await app.Database.Execute($"update campaign_audience set sent_at = {at}");
        await app.Database.Execute(
            $"update receipt_pull set due_at = '-infinity' where {at} < now() - (array[10, 60, 360, 1440])[step + 1] * interval '1 minute'");
    }

    private async Task<int> Count(string field) => (await advisor.Get(campaign))[field].GetInt32();

    private sealed class Memory(Func<string, IReadOnlyList<ReceiptKind>?> answer) : ISentMessages
    {
        public List<string> Asked { get; } = [];

        public Task<IReadOnlyList<SentMessage>?> Find(
            string instance, IReadOnlyList<string> spellings, DateTimeOffset from, DateTimeOffset to, CancellationToken ct) =>
            throw new NotSupportedException();

        public Task<SentPage?> Page(string instance, DateTimeOffset from, DateTimeOffset to, int page, CancellationToken ct) =>
            throw new NotSupportedException();

        public Task<IReadOnlyList<ReceiptKind>?> Receipts(string instance, string gatewayMessageId, CancellationToken ct)
        {
            lock (Asked)
            {
                Asked.Add(gatewayMessageId);
                return Task.FromResult(answer(gatewayMessageId));
            }
        }
    }
}
