using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Campaigns;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using MassMessaging.WhatsApp;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Campaigns.Receipts;

/// <summary>
/// The same through PostgreSQL, where outcomes and receipts meet in one row: many members at once, from two sides at once.
/// </summary>
public sealed class ReceiptStoreSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const int Members = 60;
    private const int Batch = 25;
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Outcomes_and_receipts_that_race_end_where_the_pure_fold_says(ulong seed)
    {
        var stories = Story.Any.Sample(Members, new Rnd(seed, 1), 6).ToArray();
        Assert.Equal(Members, stories.Length);
        var permits = await Attempted(stories.Length);
        var random = new Random((int)seed);
        var news = stories.SelectMany((story, place) => story.Heard.Select(one => (Place: place, News: one))).ToArray();
        random.Shuffle(news);

        await Task.WhenAll(Tell(news[..(news.Length / 2)]), Tell(news[(news.Length / 2)..]));

        async Task Tell((int, News)[] half)
        {
            foreach (var batch in half.Chunk(Batch)) await TellOnce(batch, permits);
        }

        var found = await Statuses(permits[0].CampaignId);
        Assert.All(stories.Zip(permits), pair =>
            Assert.Equal(
                (pair.Second.Member.Id, JsonConventions.NameOf(pair.First.Expected), pair.First.Heard.Contains(News.Replied)),
                (pair.Second.Member.Id, found[pair.Second.Member.Id].Status, found[pair.Second.Member.Id].HasReplied)));
    }

    [Fact]
    public async Task An_outcome_is_kept_though_its_member_has_changed_since_its_mark()
    {
        var permits = await Attempted(3);
        await Reply([permits[1].Member]);

        await TellOnce([.. permits.Select((_, place) => (place, News.Accepted))], permits);

        var found = await Statuses(permits[0].CampaignId);
        Assert.All(permits, (permit, place) => Assert.Equal(("sent", place == 1), found[permit.Member.Id]));
    }

    private async Task<IReadOnlyList<Permit>> Attempted(int count)
    {
        var (profile, campaign) = (Guid.NewGuid(), Guid.NewGuid());
        await using var session = app.Services.GetRequiredService<IStore>().Open(Origin.System);
        var permits = Enumerable.Range(0, count).Select(_ => new Permit(
            new StreamKey(profile, Guid.CreateVersion7(session.Now)), campaign, Guid.NewGuid(), Variant: null, Guid.NewGuid(), $"mm-{profile:n}",
            new Recipient("Ana", "+5491155000000"), Epoch: 0, OpenedAt: 0, TimeSpan.Zero, new LaneRate(50, TimeSpan.FromSeconds(60)), LaneWasHeld: false)).ToList();
        permits = permits.ConvertAll(permit =>
        {
            object[] events = [new MessageQueued(campaign, permit.ClientId), new MessageAttempted(campaign, permit.MessageId, session.Now)];
            session.Append(permit.Member, 0, events);
            return permit with { Marked = new(permit.Member, events.Length, events.Aggregate(AudienceMember.Initial, AudienceMember.Evolve)) };
        });
        await session.Commit(ct);
        return permits;
    }

    private async Task TellOnce(IReadOnlyList<(int Place, News News)> news, IReadOnlyList<Permit> permits)
    {
        var outcomes = app.Services.GetRequiredService<OutcomeWriter>();
        var written = news.Where(one => one.News is News.Accepted or News.Unknown).Select(one => outcomes.Write(new CallOutcome(
            permits[one.Place], one.News == News.Accepted ? new SendOutcome.Accepted($"id-{permits[one.Place].MessageId:n}") : new SendOutcome.Unknown("no-outcome"),
            TimeProvider.System.GetUtcNow()))).ToList();
        await Receive([.. news.Where(one => Story.Receipt(one.News) is not null).Select(one => new ReceiptArrived(
            permits[one.Place].Instance, $"id-{permits[one.Place].MessageId:n}", Story.Receipt(one.News)!.Value, TimeProvider.System.GetUtcNow(), "gateway-error"))
            .DistinctBy(receipt => (receipt.GatewayMessageId, receipt.Kind))]);
        await Reply([.. news.Where(one => one.News == News.Replied).Select(one => permits[one.Place].Member)]);
        await Task.WhenAll(written);
    }

    private async Task Receive(IReadOnlyList<ReceiptArrived> receipts)
    {
        if (receipts.Count == 0) return;

        await using var session = app.Services.GetRequiredService<IStore>().Open(new Origin("gateway"));
        foreach (var subscriber in app.Services.GetServices<IReceiptSubscriber>()) await subscriber.Receive(receipts, session, ct);
        await session.Commit(ct);
    }

    private async Task Reply(IReadOnlyList<StreamKey> keys)
    {
        await using var session = app.Services.GetRequiredService<IStore>().Open(new Origin("gateway"));
        var members = await MemberChanges.Load(session, keys, ct);
        foreach (var key in keys) members.Apply(key, member => RecordReply.Decide(member, session.Now));
        members.Append(session);
        await session.Commit(ct);
    }

    private async Task<Dictionary<Guid, (string Status, bool HasReplied)>> Statuses(Guid campaign) =>
        (await app.Services.GetRequiredService<IStore>().Query(
            "select id, status, replied_at is not null from campaign_audience where campaign_id = @campaign",
            row => (row.GetGuid(0), row.GetString(1), row.GetBoolean(2)), ct, ("campaign", campaign)))
        .ToDictionary(row => row.Item1, row => (row.Item2, row.Item3));
}
