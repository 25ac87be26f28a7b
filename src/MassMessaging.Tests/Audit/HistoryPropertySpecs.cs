using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Audit;
using MassMessaging.Campaigns;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Audit;

/// <summary>Whatever the history, committed in whatever portions: the past is its fold, the replay is it again, and its proof holds.</summary>
[Collection(nameof(AuditRun))]
public sealed class HistoryPropertySpecs(AuditRun run)
{
    private static readonly ReceiptKind[] Kinds = Enum.GetValues<ReceiptKind>();

    [Fact]
    public async Task State_at_each_version_and_place_is_the_fold_and_the_replay_tells_every_event_once()
    {
        var profile = (await run.Advisor.Get("/api/profile")).Id;
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => Holds(new Random(seed), profile).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(6));
    }

    private async Task Holds(Random random, Guid profile)
    {
        var campaign = new StreamKey(profile, await run.Advisor.HasDraft());
        await Live(random, campaign);
        var trail = run.App.Services.GetRequiredService<AuditTrail>();
        var (_, last) = await trail.End(campaign, default);
        var events = new List<RecordedEvent>();
        await foreach (var recorded in trail.Recorded(campaign, last!.Seq, default)) events.Add(recorded);

        var told = new List<long>();
        await foreach (var one in new MassMessaging.Audit.Replay(trail, TimeProvider.System, 0).Events(campaign, 0, last.Seq, default)) told.Add(one.Seq);
        Assert.Equal(events.Select(recorded => recorded.Seq), told);
        Assert.Equal(last.Place, told.Count);

        var counters = new CountersAsOf(campaign);
        foreach (var recorded in events)
        {
            counters.Add(recorded);
            if (random.Next(4) != 0 && recorded.Stream != campaign) continue;

            var state = await run.Advisor.Get($"/api/audit/campaigns/{campaign.Id}/state?seq={recorded.Seq}");
            if (counters.All.Total > 0) Assert.Equal(counters.All.Total, state["totalRecipients"].GetInt64());
            Assert.Equal(counters.All.Total, Sum(state));
            if (recorded.Stream != campaign) continue;

            var byVersion = await run.Advisor.Get($"/api/audit/campaigns/{campaign.Id}/state?version={recorded.Version}");
            Assert.Equal(state.Body.ToString(), byVersion.Body.ToString());
            Assert.Equal(counters.All.Read, state["readCount"].GetInt64());
        }

        Assert.True((await run.Verify(await run.Proof(campaign.Id)))["valid"].GetBoolean());
    }

    private static long Sum(MassMessaging.Tests.Campaigns.Answer state) =>
        new[] { "pendingCount", "sentCount", "failedCount", "skippedCount", "inDoubtCount" }.Sum(field => state[field].GetInt64());

    private async Task Live(Random random, StreamKey campaign)
    {
        var store = run.App.Services.GetRequiredService<IStore>();
        var members = Enumerable.Range(0, 3).Select(_ => (Key: new StreamKey(campaign.Profile, Guid.CreateVersion7()), Client: Guid.CreateVersion7())).ToList();
        await Append(store, campaign, state => state.Status == CampaignStatus.Draft ? [new CampaignLaunched(state.ContentId)] : []);
        for (var step = 0; step < 40; step++)
        {
            if (random.Next(6) == 0)
            {
                await Append(store, campaign, state => [state.Status == CampaignStatus.Paused ? new CampaignResumed() : new CampaignPaused(null)]);
                continue;
            }

            var (key, client) = members[random.Next(members.Count)];
            await using var session = store.Open(Origin.System);
            var member = await session.FetchForWriting<AudienceMember>(key, default);
            var facts = Facts(random, campaign.Id, client, member.State);
            if (facts.Count == 0) continue;

            session.Append(key, member.Version, facts);
            await session.Commit(default);
        }
    }

    private static IReadOnlyList<object> Facts(Random random, Guid campaign, Guid client, AudienceMember state) => state.Status switch
    {
        MemberStatus.Missing => [new MessageQueued(campaign, client)],
        MemberStatus.Pending => [new MessageAttempted(campaign, Guid.CreateVersion7(), DateTimeOffset.UnixEpoch)],
        MemberStatus.Sending when random.Next(4) == 0 => [new MessageInDoubt(campaign, "no-outcome")],
        MemberStatus.Sending => Of(RecordOutcome.Decide(
            state, state.MessageId, random.Next(3) == 0 ? new SendOutcome.Refused("not-on-whatsapp", null) : new SendOutcome.Accepted("K"),
            DateTimeOffset.UnixEpoch)),
        _ => Of(RecordReceipt.Decide(state, state.MessageId, Kinds[random.Next(Kinds.Length)], DateTimeOffset.UnixEpoch, null)),
    };

    private static IReadOnlyList<object> Of(Decision decision) => decision is Decision.Accepted accepted ? accepted.Events : [];

    private static async Task Append(IStore store, StreamKey campaign, Func<Campaign, IReadOnlyList<object>> decide)
    {
        await using var session = store.Open(new Origin("system", "random"));
        var current = await session.FetchForWriting<Campaign>(campaign, default);
        session.Append(campaign, current.Version, decide(current.State));
        await session.Commit(default);
    }
}
