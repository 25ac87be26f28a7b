using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Campaigns;
using MassMessaging.Campaigns.Sending;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Tests.Campaigns;

public sealed class SendEstimateSpecs
{
    private static readonly LaneRate Rate = new(50, TimeSpan.FromMinutes(1));
    private static readonly TimeZoneInfo Mexico = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City");
    private static readonly TimeZoneInfo Madrid = TimeZoneInfo.FindSystemTimeZoneById("Europe/Madrid");
    private static readonly QuietHours Night = new("21:00", "08:00", ["sun"]);

    [Fact]
    public void The_rate_is_that_of_slots_in_a_window_and_its_slack_with_half_the_jitter()
    {
        Assert.Equal(48.39, SendEstimate.Of(Plan(1)).PerMinute);
        Assert.Equal(43.99, SendEstimate.Of(Plan(1) with { Rate = Rate with { Jitter = 0.2 } }).PerMinute);
    }

    [Fact]
    public void It_ends_when_its_last_slot_begins()
    {
        var estimate = SendEstimate.Of(Plan(100));

        Assert.Equal((Facts.Noon, Facts.Noon + (Rate.Spacing * 99)), (estimate.FirstSendAt, estimate.FinishAt));
    }

    [Fact]
    public void Other_campaigns_of_the_lane_make_it_later() =>
        Assert.Equal(Facts.Noon + (Rate.Spacing * 149), SendEstimate.Of(Plan(100) with { Before = 50 }).FinishAt);

    [Fact]
    public void Unspread_a_whole_window_goes_at_once_and_what_was_just_sent_is_missing_from_it()
    {
        var unspread = Rate with { Spread = false };
        var ring = Enumerable.Range(0, 30).Aggregate(SlotRing.Empty, (ring, _) => ring.Add(Facts.Noon.AddSeconds(-20), unspread));

        Assert.Equal(Facts.Noon.AddSeconds(62), SendEstimate.Of(Plan(100) with { Rate = unspread }).FinishAt);
        Assert.Equal(Facts.Noon.AddSeconds(62 - 20), SendEstimate.Of(Plan(21) with { Rate = unspread, Ring = ring }).FinishAt);
    }

    [Fact]
    public void Nobody_is_sent_to_at_no_time() => Assert.Null(SendEstimate.Of(Plan(0)).FirstSendAt);

    [Fact]
    public void Who_sleeps_is_written_to_in_the_morning_and_the_others_go_on()
    {
        var at = new DateTimeOffset(2026, 3, 2, 23, 0, 0, TimeSpan.Zero); // 17:00 in Mexico, midnight in Madrid
        var estimate = SendEstimate.Of(Plan(0) with { Start = at, Recipients = [(Mexico, 10), (Madrid, 10)], Quiet = Night });

        Assert.Equal(at, estimate.FirstSendAt);
        Assert.Equal(new DateTimeOffset(2026, 3, 3, 8, 0, 0, TimeSpan.FromHours(1)) + (Rate.Spacing * 9), estimate.FinishAt);
    }

    [Fact]
    public void A_week_of_quiet_days_has_no_beginning()
    {
        var always = Night with { Days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] };

        Assert.Equal((null, null), (SendEstimate.Of(Plan(5) with { Quiet = always }).FirstSendAt, SendEstimate.Of(Plan(5) with { Quiet = always }).FinishAt));
    }

    [Fact]
    public void A_days_messages_used_up_go_on_at_midnight_of_the_profile()
    {
        var estimate = SendEstimate.Of(Plan(25) with { DailyCap = 20, SentToday = 10 });

        Assert.Equal(Facts.Noon, estimate.FirstSendAt);
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.FromHours(-6)) + (Rate.Spacing * 14), estimate.FinishAt);
    }

    [Fact]
    public void What_would_take_more_than_a_year_has_no_end() =>
        Assert.Null(SendEstimate.Of(Plan(500) with { DailyCap = 1 }).FinishAt);

    [Fact]
    public void It_agrees_with_a_run_of_the_lane_within_three_percent() =>
        Prop.ForAll(Plans(), plan =>
        {
            var estimate = SendEstimate.Of(plan);
            var slots = Run(plan);

            var length = slots[^1] - plan.Start;
            var tolerance = (length * 0.03) + (plan.Rate.Spacing * plan.Rate.Together * 3);
            Assert.True((estimate.FirstSendAt!.Value - slots[0]).Duration() <= tolerance, $"first {estimate.FirstSendAt:o}, was {slots[0]:o}: {plan}");
            Assert.True((estimate.FinishAt!.Value - slots[^1]).Duration() <= tolerance, $"finish {estimate.FinishAt:o}, was {slots[^1]:o}: {plan}");
        }).QuickCheckThrowOnFailure();

    private static SendPlan Plan(long recipients) =>
        new(Rate, SlotRing.Empty, Facts.Noon, 0, [(Mexico, recipients)], null, null, null, Mexico, 0);

    private static Arbitrary<SendPlan> Plans() => (
        from messages in Gen.Choose(10, 100)
        from seconds in Gen.Choose(20, 90)
        from spread in Gen.Elements(true, true, false)
        from jitter in Gen.Choose(0, 5)
        from burst in Gen.Choose(1, 4)
        from hour in Gen.Choose(0, 400)
        from here in Gen.Choose(50, 1500)
        from there in Gen.Choose(0, 800)
        from quiet in Gen.Elements(null, Night, new QuietHours("12:00", "16:00", []))
        from cap in Gen.Elements<int?>(null, null, 700)
        from ramp in Gen.Elements(null, null, new WarmUp(Facts.Noon.AddDays(-3), 100, 1.5, 2000))
        select new SendPlan(
            new LaneRate(messages, TimeSpan.FromSeconds(seconds), spread, jitter / 10.0, burst), SlotRing.Empty, Facts.Noon.AddHours(hour), 0,
            [(Mexico, here), (Madrid, there)], quiet, cap, ramp, Mexico, 0)).ToArbitrary();

    /// <summary>
    /// Member by member, as a lane does it: whoever is awake, while the day has messages left, at the slots that are granted.
    /// </summary>
    private static List<DateTimeOffset> Run(SendPlan plan)
    {
        var random = new Random(7);
        var zones = plan.Recipients.SelectMany(zone => Enumerable.Repeat(zone.Zone, (int)zone.Count)).ToArray();
        random.Shuffle(zones);
        var waiting = new LinkedList<TimeZoneInfo>(zones);
        var (ring, nextAt, granted, perDay) = (SlotRing.Empty, plan.Start, new List<DateTimeOffset>(), new Dictionary<DateOnly, int>());
        while (waiting.Count > 0)
        {
            var grant = LanePace.Grants(ring, plan.Rate, nextAt, nextAt, nextAt.AddDays(1), 1, random)[0];
            var day = LocalTime.DayOf(grant.At, plan.Zone);
            var who = perDay.GetValueOrDefault(day) < (DailyLimit.Of(plan.DailyCap, plan.WarmUp, grant.At, plan.Zone) ?? int.MaxValue)
                ? Awake(waiting, plan.Quiet, grant.At)
                : null;
            if (who is null)
            {
                nextAt = grant.At.AddMinutes(1);
                continue;
            }

            waiting.Remove(who);
            perDay[day] = perDay.GetValueOrDefault(day) + 1;
            (ring, nextAt) = (ring.Add(grant.At, plan.Rate), grant.NextAt);
            granted.Add(grant.At);
        }

        return granted;
    }

    private static LinkedListNode<TimeZoneInfo>? Awake(LinkedList<TimeZoneInfo> waiting, QuietHours? quiet, DateTimeOffset at)
    {
        var asleep = new HashSet<TimeZoneInfo>();
        for (var who = waiting.First; who is not null; who = who.Next)
        {
            if (asleep.Contains(who.Value)) continue;
            if (quiet is null || !QuietTime.IsQuiet(quiet, at, who.Value)) return who;
            asleep.Add(who.Value);
        }

        return null;
    }
}
