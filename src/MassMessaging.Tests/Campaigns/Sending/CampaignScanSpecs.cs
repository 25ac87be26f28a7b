using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Kernel;

namespace MassMessaging.Tests.Campaigns.Sending;

public sealed class CampaignScanSpecs
{
    private static readonly DateTimeOffset Noon = Facts.Noon;
    private static readonly CampaignScan Fresh = new(new StreamKey(Guid.NewGuid(), Guid.NewGuid()));
    private static readonly MemberHold Night = new("quiet-hours", Noon.AddHours(9));

    [Fact]
    public void The_place_stops_before_the_first_who_may_go()
    {
        Guid[] members = [.. Ids(3)];

        var scan = Fresh.Look([(members[0], Night), (members[1], null), (members[2], Night)], isEnd: true, Noon, CampaignScan.Nap);

        Assert.Equal((members[0], false, null), (scan.After, scan.IsAsleep, scan.HeldBy));
    }

    [Fact]
    public void Where_nobody_may_go_it_sleeps_until_the_first_may_and_says_why()
    {
        var scan = Fresh.Look(
            [.. Ids(2).Zip(new[] { Night, new MemberHold("frequency-cap", Noon.AddSeconds(20)) })], isEnd: true, Noon, CampaignScan.Nap);

        Assert.Equal(
            (Noon.AddSeconds(20), "frequency-cap", Noon.AddSeconds(20), Guid.Empty), (scan.AsleepUntil, scan.HeldBy, scan.HeldUntil, scan.After));
    }

    [Fact]
    public void A_night_is_slept_in_naps_for_who_came_meanwhile()
    {
        var scan = Fresh.Look([(Guid.NewGuid(), Night)], isEnd: true, Noon, CampaignScan.Nap);

        Assert.Equal((Noon.AddMinutes(1), Night.Until), (scan.AsleepUntil, scan.HeldUntil));
        Assert.Equal(("quiet-hours", Guid.Empty, false), (scan.Begin(Noon.AddMinutes(1)).HeldBy, scan.Begin(Noon.AddMinutes(1)).After, scan.Begin(Noon.AddMinutes(1)).IsAsleep));
    }

    [Fact]
    public void Nobody_waiting_is_nothing_to_remember() => Assert.True(Fresh.Look([], isEnd: true, Noon, CampaignScan.Nap).IsFresh);

    [Fact]
    public void Longer_and_longer_looks_while_nobody_is_found()
    {
        var scan = Fresh;
        for (var look = 0; look < 4; look++) scan = scan.Look([(Guid.NewGuid(), Night)], isEnd: false, Noon, CampaignScan.Nap);

        Assert.Equal(CampaignScan.LongestStep, scan.Step);
    }

    [Fact]
    public void Whatever_holds_come_and_go_nobody_held_is_granted_and_nobody_free_is_missed() => Prop
        .ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => Serves(new Random(seed)))
        .QuickCheckThrowOnFailure();

    /// <summary>Everybody has one hold; some are given back once after they were granted.</summary>
    private static bool Serves(Random random)
    {
        var waiting = new SortedDictionary<Guid, DateTimeOffset>();
        foreach (var id in Ids(random.Next(1, 400))) waiting[id] = random.Next(3) == 0 ? Noon : Noon.AddSeconds(random.Next(600));
        var scan = Fresh;
        var givenBack = 0;
        for (var now = Noon; waiting.Count > 0; now += TimeSpan.FromSeconds(random.Next(1, 3)))
        {
            var free = waiting.Values.Where(until => until + CampaignScan.Nap + TimeSpan.FromSeconds(60) < now).Count();
            if (now > Noon.AddHours(2) || free > waiting.Count) return false; // somebody starves
            if (scan.IsAsleep && scan.AsleepUntil > now) continue;

            scan = scan.Begin(now);
            var looked = waiting.Where(one => one.Key.CompareTo(scan.After) > 0).Take(Math.Min(scan.Step, 50))
                .Select(one => (one.Key, one.Value > now ? new MemberHold("quiet-hours", one.Value) : null)).ToList();
            if (looked.Exists(one => scan.After != Guid.Empty && one.Key.CompareTo(scan.After) <= 0)) return false;
            scan = scan.Look(looked, looked.Count < Math.Min(Math.Max(scan.Step, 1), 50), now, CampaignScan.Nap);
            foreach (var (id, _) in looked.Where(one => one.Item2 is null).Take(random.Next(1, 4)).ToList())
                if (givenBack++ < 10 && random.Next(4) == 0) continue; // granted and given back: waits again, where it was
                else waiting.Remove(id);
            if (scan.IsAsleep && waiting.Values.Any(until => until > now && until < scan.AsleepUntil)) return false; // would not wake in time
        }

        return true;
    }

    private static IEnumerable<Guid> Ids(int count) => Enumerable.Range(0, count).Select(_ => Guid.NewGuid()).Order();
}
