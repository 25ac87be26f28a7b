using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Campaigns;
using MassMessaging.Campaigns.Retrying;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Campaigns.Views;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Tests.Campaigns;

/// <summary>
/// Whatever comes in whatever order (attempts, outcomes and receipts of any attempt, replies, retries), figures are the fold of the members.
/// </summary>
public sealed class MemberHistorySpecs
{
    private const int People = 4;
    private static readonly Guid Profile = Guid.CreateVersion7();
    private static readonly Guid Campaign = Guid.CreateVersion7();
    private static readonly DateTimeOffset At = Facts.Noon;

    [Fact]
    public void The_counters_are_the_fold_of_the_members_and_the_variants_add_up_to_them() => Prop
        .ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var people = Enumerable.Range(0, People).Select(place => new Person(place % 2 == 0 ? "A" : "B")).ToList();
            for (var step = 0; step < 80; step++)
            {
                people[random.Next(People)].Live(random);
                AgreesWithItself(people);
            }
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_told_of_an_earlier_attempt_changes_nothing_of_a_new_one() => Prop
        .ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var person = new Person("A");
            for (var step = 0; step < 60; step++) person.Live(random);
            person.Apply(RequeueFailedHandler.Decide(person.State));
            if (person.State.Status != MemberStatus.Pending) return;

            foreach (var attempt in person.Attempts)
            {
                Assert.All(Outcomes, outcome => Assert.Equal(Decision.Nothing, RecordOutcome.Decide(person.State, attempt, outcome, At)));
                Assert.All(
                    Enum.GetValues<ReceiptKind>(),
                    kind => Assert.Equal(Decision.Nothing, RecordReceipt.Decide(person.State, attempt, kind, At, null)));
            }
        })
        .QuickCheckThrowOnFailure();

    private static SendOutcome[] Outcomes { get; } =
    [
        new SendOutcome.Accepted("K"), new SendOutcome.Refused("not-on-whatsapp", null), new SendOutcome.Throttled(null),
        new SendOutcome.InstanceDown("x"), new SendOutcome.NotWritten("x"), new SendOutcome.Unknown("x"),
    ];

    private static void AgreesWithItself(List<Person> people)
    {
        var counted = people.SelectMany(person => person.Recorded).ToList();
        var sum = counted.Select(CampaignCounters.Increment).OfType<CampaignCounters>()
            .Aggregate(new CampaignCounters(Profile, Campaign), (left, right) => Add(left, right));
        int Standing(params MemberStatus[] statuses) => people.Count(person => statuses.Contains(person.State.Status));

        Assert.Equal(sum.Total, sum.Pending + sum.Sent + sum.Failed + sum.Skipped + sum.InDoubt);
        Assert.Equal(
            new CampaignCounters(
                Profile, Campaign, people.Count(person => person.State.Status != MemberStatus.Missing),
                Standing(MemberStatus.Pending, MemberStatus.Sending), Standing(MemberStatus.Sending),
                Standing(MemberStatus.Sent, MemberStatus.Delivered, MemberStatus.Read), Standing(MemberStatus.Delivered, MemberStatus.Read),
                Standing(MemberStatus.Read), people.Count(person => person.State.HasReplied), Standing(MemberStatus.Failed),
                Standing(MemberStatus.Skipped), Standing(MemberStatus.InDoubt),
                people.Sum(person => person.Recorded.Count(one => one.Data is MessageRequeued))),
            sum);
        Assert.Equal(sum, counted.Select(CampaignVariantCounters.Increment).OfType<CampaignVariantCounters>()
            .Select(one => new CampaignCounters(
                one.ProfileId, one.Id, one.Total, one.Pending, one.InFlight, one.Sent, one.Delivered, one.Read, one.Replied, one.Failed,
                one.Skipped, one.InDoubt, one.Requeued))
            .Aggregate(new CampaignCounters(Profile, Campaign), (left, right) => Add(left, right)));
        Assert.All(people, person => Assert.Equal(
            (person.State.Status, person.State.HasReplied, person.State.Variant),
            person.Row is { } row ? (row.Status, row.RepliedAt is not null, row.Variant) : (MemberStatus.Missing, false, null)));
    }

    private static CampaignCounters Add(CampaignCounters left, CampaignCounters right) => new(
        Profile, Campaign, left.Total + right.Total, left.Pending + right.Pending, left.InFlight + right.InFlight, left.Sent + right.Sent,
        left.Delivered + right.Delivered, left.Read + right.Read, left.Replied + right.Replied, left.Failed + right.Failed,
        left.Skipped + right.Skipped, left.InDoubt + right.InDoubt, left.Requeued + right.Requeued);

    private sealed class Person(string variant)
    {
        private readonly StreamKey key = new(Profile, Guid.CreateVersion7());
        private readonly Guid client = Guid.CreateVersion7();

        public AudienceMember State { get; private set; } = AudienceMember.Initial;

        public AudienceRow? Row { get; private set; }

        public List<RecordedEvent> Recorded { get; } = [];

        public List<Guid> Attempts { get; } = [];

        public void Live(Random random) => Apply(random.Next(8) switch
        {
            0 when State.Status == MemberStatus.Missing => Decision.Accept(new MessageQueued(Campaign, client, variant)),
            1 when State.Status == MemberStatus.Pending => Attempt(),
            2 when State.Status == MemberStatus.Sending => Decision.Accept(new MessageInDoubt(Campaign, "no-outcome", State.Variant)),
            3 when State.Status == MemberStatus.Pending && random.Next(9) == 0 =>
                Decision.Accept(new MessageSkipped(Campaign, "cancelled", State.Variant)),
            4 when Attempts.Count > 0 => RecordOutcome.Decide(State, Some(Attempts, random), Some(Outcomes, random), At),
            5 when Attempts.Count > 0 => RecordReceipt.Decide(State, Some(Attempts, random), Some(Enum.GetValues<ReceiptKind>(), random), At, null),
            6 => RecordReply.Decide(State, At),
            7 => RequeueFailedHandler.Decide(State),
            _ => Decision.Nothing,
        });

        public void Apply(Decision decision)
        {
            foreach (var fact in ((Decision.Accepted)decision).Events)
            {
                var recorded = new RecordedEvent(1, key, Recorded.Count + 1, fact, At, null, null, null);
                Recorded.Add(recorded);
                State = AudienceMember.Evolve(State, fact);
                Row = AudienceRow.Evolve(Row, recorded);
            }
        }

        private Decision.Accepted Attempt()
        {
            Attempts.Add(Guid.CreateVersion7());
            return Decision.Accept(new MessageAttempted(Campaign, Attempts[^1], At, State.Variant));
        }

        private static T Some<T>(IReadOnlyList<T> all, Random random) => all[random.Next(all.Count)];
    }
}
