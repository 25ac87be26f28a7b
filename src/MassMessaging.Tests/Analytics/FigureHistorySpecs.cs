using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Analytics.Views;
using MassMessaging.Campaigns;
using MassMessaging.Campaigns.Doubts;
using MassMessaging.Campaigns.Retrying;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Campaigns.Views;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Tests.Analytics;

/// <summary>
/// Whatever comes in whatever order (attempts at any hour, outcomes and receipts of any of them, replies, retries, a person's word),
/// the view is the fold of the members, in every quarter of an hour, for every label, variant and reason.
/// </summary>
public sealed class FigureHistorySpecs
{
    private const int People = 5;
    private static readonly string[] Labels = ["consumidor", "prospecto", "afiliado"];
    private static readonly Guid Profile = Guid.CreateVersion7();
    private static readonly Guid Campaign = Guid.CreateVersion7();
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_part_of_the_figures_is_the_fold_of_its_members() => Histories((people, rows) =>
    {
        Assert.Equal(Of(people), Sum(rows));
        foreach (var label in Labels) Assert.Equal(Of(people.Where(one => one.State.Label == label)), Sum(rows.Where(row => row.Label == label)));
        foreach (var variant in (string[])["A", "B"])
            Assert.Equal(Of(people.Where(one => one.State.Variant == variant)), Sum(rows.Where(row => row.Variant == variant)));
    });

    [Fact]
    public void What_is_told_of_an_attempt_counts_where_the_attempt_does() => Histories((people, rows) =>
    {
        foreach (var quarter in rows.Select(row => row.StartsAt).Distinct())
        {
            var sum = Sum(rows.Where(row => row.StartsAt == quarter));
            var own = people.Where(one => one.State.SlotAt is { } slot && MessageTimes.Floor(slot) == quarter).ToList();
            int Standing(params MemberStatus[] statuses) => own.Count(one => statuses.Contains(one.State.Status));

            Assert.Equal(
                (Standing(MemberStatus.Sending), Standing(MemberStatus.Sent, MemberStatus.Delivered, MemberStatus.Read),
                 Standing(MemberStatus.Delivered, MemberStatus.Read), Standing(MemberStatus.Read), Standing(MemberStatus.Failed), Standing(MemberStatus.InDoubt)),
                ((int)sum.InFlight, (int)sum.Sent, (int)sum.Delivered, (int)sum.Read, (int)sum.Failed, (int)sum.InDoubt));
        }
    });

    [Fact]
    public void Reasons_are_those_of_who_is_failed_or_left_out_now() => Histories((people, rows) =>
    {
        var failed = people.Where(one => one.State.Status == MemberStatus.Failed).CountBy(one => one.State.FailedFor!).ToDictionary();
        var counted = rows.GroupBy(row => row.Reason).Select(reason => (reason.Key, Failed: (int)reason.Sum(row => row.Failed)))
            .Where(reason => reason.Failed != 0).ToDictionary(reason => reason.Key, reason => reason.Failed);

        Assert.Equal(failed.OrderBy(one => one.Key), counted.OrderBy(one => one.Key));
        Assert.Equal(
            people.Count(one => one.State.Status == MemberStatus.Skipped), (int)rows.Where(row => row.Reason == "cancelled").Sum(row => row.Skipped));
    });

    [Fact]
    public void Times_are_of_every_yes_and_every_delivery_that_is_known() => Histories((people, rows) =>
    {
        var events = people.SelectMany(one => one.Recorded).ToList();
        var durations = events.Select(CampaignDurations.Increment).OfType<CampaignDurations>().ToList();

        Assert.Equal(events.Count(one => one.Data is MessageSent { Was: MemberStatus.Sending }), durations.Count(one => one.Kind == "send"));
        Assert.Equal(rows.Sum(row => row.Sends), durations.Count(one => one.Kind == "send"));
        Assert.Equal(rows.Sum(row => row.Deliveries), durations.Count(one => one.Kind == "delivery"));
        Assert.True(rows.Sum(row => row.DeliveryMilliseconds) >= 0);
    });

    /// <summary>Asks after every step of a hundred lives.</summary>
    private static void Histories(Action<IReadOnlyList<Person>, IReadOnlyList<CampaignFigures>> holds) => Prop
        .ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var people = Enumerable.Range(0, People).Select(place => new Person(place % 2 == 0 ? "A" : "B", Labels[place % 3])).ToList();
            var now = Start;
            for (var step = 0; step < 60; step++)
            {
                now += TimeSpan.FromSeconds(random.Next(1200));
                people[random.Next(People)].Live(random, now);
                holds(people, [.. people.SelectMany(one => one.Recorded).Select(CampaignFigures.Increment).OfType<CampaignFigures>()]);
            }
        })
        .QuickCheckThrowOnFailure();

    private static CampaignCounters Of(IEnumerable<Person> some)
    {
        var people = some.ToList();
        int Standing(params MemberStatus[] statuses) => people.Count(person => statuses.Contains(person.State.Status));
        return new(
            Profile, Campaign, people.Count(person => person.State.Status != MemberStatus.Missing),
            Standing(MemberStatus.Pending, MemberStatus.Sending), Standing(MemberStatus.Sending),
            Standing(MemberStatus.Sent, MemberStatus.Delivered, MemberStatus.Read), Standing(MemberStatus.Delivered, MemberStatus.Read),
            Standing(MemberStatus.Read), people.Count(person => person.State.HasReplied), Standing(MemberStatus.Failed),
            Standing(MemberStatus.Skipped), Standing(MemberStatus.InDoubt),
            people.Sum(person => person.Recorded.Count(one => one.Data is MessageRequeued)));
    }

    private static CampaignCounters Sum(IEnumerable<CampaignFigures> some)
    {
        var rows = some.ToList();
        var (total, sent, failed) = (rows.Sum(row => row.Total), rows.Sum(row => row.Sent), rows.Sum(row => row.Failed));
        var (skipped, inDoubt) = (rows.Sum(row => row.Skipped), rows.Sum(row => row.InDoubt));
        return new(
            Profile, Campaign, total, total - sent - failed - skipped - inDoubt, rows.Sum(row => row.InFlight), sent, rows.Sum(row => row.Delivered),
            rows.Sum(row => row.Read), rows.Sum(row => row.Replied), failed, skipped, inDoubt, rows.Sum(row => row.Requeued));
    }

    private sealed class Person(string variant, string label)
    {
        private static readonly SendOutcome[] Outcomes =
        [
            new SendOutcome.Accepted("K"), new SendOutcome.Accepted("K"), new SendOutcome.Refused("not-on-whatsapp", null),
            new SendOutcome.Throttled(null), new SendOutcome.NotWritten("x"), new SendOutcome.Unknown("x"),
        ];

        private readonly StreamKey key = new(Profile, Guid.CreateVersion7());
        private readonly List<Guid> attempts = [];

        public AudienceMember State { get; private set; } = AudienceMember.Initial;

        public List<RecordedEvent> Recorded { get; } = [];

        public void Live(Random random, DateTimeOffset now)
        {
            var decision = random.Next(9) switch
            {
                0 when State.Status == MemberStatus.Missing => Decision.Accept(new MessageQueued(Campaign, key.Id, variant, label)),
                1 or 2 when State.Status == MemberStatus.Pending => Attempt(now),
                3 when State.Status == MemberStatus.Pending && random.Next(9) == 0 =>
                    Decision.Accept(new MessageSkipped(Campaign, "cancelled", State.Variant, State.Label)),
                4 or 5 when attempts.Count > 0 => RecordOutcome.Decide(State, Some(attempts, random), Some(Outcomes, random), now),
                6 when attempts.Count > 0 => RecordReceipt.Decide(
                    State, Some(attempts, random), Some(Enum.GetValues<ReceiptKind>(), random), now, random.Next(2) == 0 ? "meta-131026" : null),
                7 => random.Next(3) == 0 ? RequeueFailedHandler.Decide(State) : RecordReply.Decide(State, now),
                8 => ResolveInDoubtEndpoint.Decide(State, Some(Enum.GetValues<Verdict>(), random), now),
                _ => Decision.Nothing,
            };
            foreach (var fact in ((Decision.Accepted)decision).Events)
            {
                Recorded.Add(new RecordedEvent(1, key, Recorded.Count + 1, fact, now, null, null, null));
                State = AudienceMember.Evolve(State, fact);
            }
        }

        private Decision.Accepted Attempt(DateTimeOffset now)
        {
            attempts.Add(Guid.CreateVersion7());
            return Decision.Accept(new MessageAttempted(Campaign, attempts[^1], now + TimeSpan.FromMilliseconds(80), State.Variant, State.Label));
        }

        private static T Some<T>(IReadOnlyList<T> all, Random random) => all[random.Next(all.Count)];
    }
}
