using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Campaigns;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Campaigns.Views;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Tests.Campaigns.Receipts;

/// <summary>
/// Whatever becomes of the news on their way, they end in the state of the ordered ones or a lower one, never a wrong one.
/// </summary>
public sealed class ReceiptOrderSpecs
{
    private static readonly MemberStatus[] Ranks =
    [
        MemberStatus.Pending, MemberStatus.Sending, MemberStatus.InDoubt, MemberStatus.Sent, MemberStatus.Failed, MemberStatus.Delivered, MemberStatus.Read,
    ];

    private static readonly Guid Campaign = Guid.NewGuid();
    private static readonly DateTimeOffset At = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Any_order_repetition_and_loss_ends_where_the_ordered_news_end_or_lower() => Prop.ForAll(Story.Any.ToArbitrary(), story =>
    {
        var (ordered, heard) = (new Told(), new Told());
        ordered.Attempt();
        heard.Attempt();
        foreach (var news in story.Happened) ordered.Hear(1, news);
        foreach (var news in story.Heard) heard.Hear(1, news);

        Assert.True(Rank(heard.Member) <= Rank(ordered.Member), $"{heard.Member.Status} is above {ordered.Member.Status}");
        Assert.Equal(story.Expected, heard.Member.Status);
        Assert.Equal(Story.Highest(story.Happened), ordered.Member.Status);
        Assert.Equal(story.Heard.Contains(News.Replied), heard.Member.HasReplied);
        heard.CountersAgree();
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void All_that_happened_heard_in_any_order_ends_exactly_there() => Prop.ForAll(
        (from story in Story.Any from heard in Gen.Shuffle(story.Happened.Concat(story.Heard).ToArray()) select (story.Happened, Heard: heard)).ToArbitrary(),
        story =>
        {
            var told = new Told();
            told.Attempt();
            foreach (var news in story.Heard) told.Hear(1, news);

            Assert.Equal(Story.Highest(story.Happened), told.Member.Status);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_still_told_of_an_attempt_before_a_retry_changes_nothing_of_the_next_one() => Prop.ForAll(
        (from before in Story.Any
         from after in Story.Any
         from late in Gen.Shuffle(before.Heard.Select(news => (Attempt: 1, news)).Concat(after.Heard.Select(news => (Attempt: 2, news))).ToArray())
         select (Before: before, After: after, Late: late)).ToArbitrary(),
        story =>
        {
            var told = new Told();
            told.Attempt();
            foreach (var news in story.Before.Heard) told.Hear(1, news);
            if (told.Member.Status is not (MemberStatus.Failed or MemberStatus.InDoubt)) return; // nobody retries these

            told.Apply(new MessageRequeued(Campaign, told.Member.Status));
            told.Attempt();
            foreach (var (attempt, news) in story.Late) told.Hear(attempt, news);

            Assert.Equal(story.After.Expected, told.Member.Status);
            told.CountersAgree();
        }).QuickCheckThrowOnFailure();

    private static int Rank(AudienceMember member) => Array.IndexOf(Ranks, member.Status);

    /// <summary>One member, and the meeting place of outcomes and receipts as <see cref="GatewayMessages"/> keeps it.</summary>
    private sealed class Told
    {
        private readonly List<object> history = [new MessageQueued(Campaign, Guid.NewGuid())];
        private readonly List<Guid> attempts = [Guid.Empty];
        private readonly HashSet<int> named = [];
        private readonly HashSet<(int Attempt, ReceiptKind Kind)> parked = [];

        public AudienceMember Member => history.Aggregate(AudienceMember.Initial, AudienceMember.Evolve);

        public void Attempt()
        {
            attempts.Add(Guid.NewGuid());
            Apply(new MessageAttempted(Campaign, attempts[^1], At));
        }

        public void Hear(int attempt, News news)
        {
            if (news == News.Replied) Decide(RecordReply.Decide(Member, At));
            else if (Story.Receipt(news) is { } kind) Receive(attempt, kind);
            else if (news == News.Unknown) Decide(RecordOutcome.Decide(Member, attempts[attempt], new SendOutcome.Unknown("no-outcome"), At));
            else Accept(attempt);
        }

        public void Apply(object @event) => history.Add(@event);

        public void CountersAgree()
        {
            var key = new StreamKey(Guid.NewGuid(), Guid.NewGuid());
            var counted = history.Select((data, place) => CampaignCounters.Increment(new RecordedEvent(place, key, place + 1, data, At, null, null, null)))
                .OfType<CampaignCounters>().ToList();
            var status = Member.Status;
            Assert.Equal(1, counted.Sum(one => one.Total));
            Assert.Equal(status is MemberStatus.Pending or MemberStatus.Sending ? 1 : 0, counted.Sum(one => one.Pending));
            Assert.Equal(status is MemberStatus.Sent or MemberStatus.Delivered or MemberStatus.Read ? 1 : 0, counted.Sum(one => one.Sent));
            Assert.Equal(status is MemberStatus.Delivered or MemberStatus.Read ? 1 : 0, counted.Sum(one => one.Delivered));
            Assert.Equal(status == MemberStatus.Read ? 1 : 0, counted.Sum(one => one.Read));
            Assert.Equal(status == MemberStatus.Failed ? 1 : 0, counted.Sum(one => one.Failed));
            Assert.Equal(status == MemberStatus.InDoubt ? 1 : 0, counted.Sum(one => one.InDoubt));
            Assert.Equal(Member.HasReplied ? 1 : 0, counted.Sum(one => one.Replied));
        }

        private void Accept(int attempt)
        {
            named.Add(attempt);
            Decide(RecordOutcome.Decide(Member, attempts[attempt], new SendOutcome.Accepted($"id-{attempt}"), At));
            foreach (var (_, kind) in parked.Where(one => one.Attempt == attempt).OrderBy(one => one.Kind == ReceiptKind.Failed ? 0 : (int)one.Kind + 1).ToList())
                Decide(RecordReceipt.Decide(Member, attempts[attempt], kind, At, "gateway-error"));
        }

        private void Receive(int attempt, ReceiptKind kind)
        {
            parked.Add((attempt, kind));
            if (named.Contains(attempt)) Decide(RecordReceipt.Decide(Member, attempts[attempt], kind, At, "gateway-error"));
        }

        private void Decide(Decision decision)
        {
            if (decision is Decision.Accepted accepted) history.AddRange(accepted.Events);
        }
    }
}
