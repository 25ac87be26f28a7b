using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Campaigns.Sending;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Tests.Campaigns.Sending;

public sealed class MemberRulesSpecs
{
    private const string Argentina = "+5491155000000";
    private const string Spain = "+34600000000";
    private static readonly DateTimeOffset Noon = Facts.Noon; // 12:00 UTC
    private static readonly Guid Ana = Guid.NewGuid();
    private static readonly TextOf Text = new(Guid.NewGuid(), null);
    private static readonly PacingPolicies Off = new(null, null, null, null, null, null, null, ReplyLane: false);

    [Fact]
    public void Who_sleeps_waits_for_the_morning_of_their_own_country_and_others_go()
    {
        var rules = Rules(Off with { QuietHours = new("20:00", "09:30", []) });

        Assert.Equal(new MemberHold("quiet-hours", Noon.AddMinutes(30)), rules.Hold(Ana, Argentina, Text)); // 09:00 there
        Assert.Null(rules.Hold(Ana, Spain, Text));
    }

    [Fact]
    public void What_might_arrive_in_the_quiet_time_is_not_granted_before_it()
    {
        var rules = Rules(Off with { QuietHours = new("09:00", "10:00", []) }, Noon.AddSeconds(-1), Noon.AddSeconds(1));

        Assert.Equal(new MemberHold("quiet-hours", Noon.AddHours(1)), rules.Hold(Ana, Argentina, Text));
    }

    [Fact]
    public void At_the_cap_a_client_waits_until_the_oldest_message_that_counts_is_over()
    {
        DateTimeOffset[] sent = [Noon.AddDays(-1), Noon.AddDays(-3)];
        var rules = Rules(Off with { FrequencyCap = new(2, 7) }, recent: sent);

        Assert.Equal(new MemberHold("frequency-cap", Noon.AddDays(4)), rules.Hold(Ana, Argentina, Text));
    }

    [Fact]
    public void Two_campaigns_in_one_tick_count_as_two()
    {
        var rules = Rules(Off with { FrequencyCap = new(2, 7) }, recent: [Noon.AddDays(-3)]);
        Assert.Null(rules.Hold(Ana, Argentina, Text));

        rules.Grant(Ana, Text);

        Assert.Equal(new MemberHold("frequency-cap", Noon.AddDays(4)), rules.Hold(Ana, Argentina, Text));
    }

    [Fact]
    public void Of_two_rules_the_one_that_holds_longer_is_told()
    {
        var rules = Rules(Off with { QuietHours = new("20:00", "09:30", []), FrequencyCap = new(1, 7) }, recent: [Noon.AddDays(-3)]);

        Assert.Equal("frequency-cap", rules.Hold(Ana, Argentina, Text)?.By);
    }

    [Fact]
    public void Who_wrote_lately_is_held_by_neither()
    {
        var rules = Rules(Off with { QuietHours = new("20:00", "09:30", []), FrequencyCap = new(1, 7) }, recent: [Noon.AddDays(-3)]);

        Assert.Null(rules.Hold(Ana, Argentina, Text, wroteLately: true));
    }

    [Fact]
    public void Over_random_campaigns_and_days_nobody_is_written_to_above_the_cap_or_in_the_quiet_time_and_everybody_is_in_the_end() => Prop
        .ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => Keeps(new Random(seed)))
        .QuickCheckThrowOnFailure();

    private static bool Keeps(Random random)
    {
        var cap = new FrequencyCap(random.Next(1, 4), random.Next(1, 8));
        var hours = new QuietHours($"{random.Next(24):00}:00", $"{random.Next(24):00}:30", random.Next(3) == 0 ? ["sun"] : []);
        var policies = Off with { FrequencyCap = cap, QuietHours = hours };
        string[] phones = [Argentina, Spain, "+5215512345678", "+12125550100"];
        var clients = phones.ToDictionary(_ => Guid.NewGuid(), phone => phone);
        var waiting = clients.Keys.SelectMany(client => Enumerable.Repeat(client, random.Next(1, 6))).ToList();
        var sent = clients.Keys.ToDictionary(client => client, _ => new List<DateTimeOffset>());
        for (var now = Noon; waiting.Count > 0; now += TimeSpan.FromMinutes(random.Next(1, 240)))
        {
            if (now > Noon.AddDays(80)) return false; // somebody starves
            var since = MemberRules.CountedSince(policies, now);
            var rules = new MemberRules(policies, "UTC", now, now.AddSeconds(2), sent.ToDictionary(
                one => one.Key, one => (IReadOnlyList<DateTimeOffset>)[.. one.Value.Where(at => at > since).Order().Reverse().Take(cap.Messages)]));
            foreach (var client in waiting.ToList())
            {
                if (rules.Hold(client, clients[client], Text) is { } hold)
                {
                    if (!(hold.Until > now)) return false;
                    continue;
                }

                rules.Grant(client, Text);
                waiting.Remove(client);
                sent[client].Add(now);
                var zone = ClientZones.Of(MassMessaging.Clients.PhoneNumber.CountryOf(clients[client]), "UTC");
                if (QuietTime.IsQuiet(hours, now, zone)) return false;
                if (sent[client].Count(at => at > now.AddDays(-cap.PerDays)) > cap.Messages) return false;
            }
        }

        return true;
    }

    private static MemberRules Rules(
        PacingPolicies policies, DateTimeOffset? now = null, DateTimeOffset? horizon = null, IReadOnlyList<DateTimeOffset>? recent = null) =>
        new(policies, "UTC", now ?? Noon, horizon ?? now ?? Noon, new Dictionary<Guid, IReadOnlyList<DateTimeOffset>> { [Ana] = recent ?? [] });
}
