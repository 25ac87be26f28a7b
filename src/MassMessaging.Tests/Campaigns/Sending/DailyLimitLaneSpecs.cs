using System.Net;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns.Sending;

/// <summary>A number's day at its cap, through the real service.</summary>
public sealed class DailyLimitLaneSpecs(TestCluster cluster) : LanePolicyRun(cluster)
{
    [Fact]
    public async Task A_day_at_its_cap_holds_the_lane_and_goes_on_at_midnight()
    {
        var (advisor, campaign) = await Sent(5, new { dailyCap = 3 });

        Assert.Equal(3, Taken);
        await IsHeld(advisor, campaign, "daily-cap", "2026-03-02T00:00:00.000Z");
        (await advisor.Post($"{campaign}/test-send", new { phone = "+5491166000000" })).Is(HttpStatusCode.ServiceUnavailable, "lane-held");
        await Passes(TimeSpan.FromMinutes(9));
        Assert.Equal(3, Taken);

        await Passes(TimeSpan.FromMinutes(1));

        Assert.Equal(5, Taken);
    }

    [Fact]
    public async Task Test_messages_count_for_the_day()
    {
        var (advisor, campaign) = await Draft(5, new { dailyCap = 3 });
        (await advisor.Post($"{campaign}/test-send", new { phone = "+5491166000000" })).Is(HttpStatusCode.OK);

        await advisor.Post($"{campaign}/send");
        await App.Drain();

        Assert.Equal(3, Taken);
    }

    [Fact]
    public async Task What_surely_did_not_go_does_not_count_for_the_day()
    {
        App.Simulator.Faults.Set(new Fault(FaultKind.ConnectionClosed, Times: 3));
        var (advisor, campaign) = await Sent(5, new { dailyCap = 3 });
        Assert.Equal(0, Taken);

        await Passes(TimeSpan.FromMinutes(2));

        Assert.Equal(3, Taken);
        await IsHeld(advisor, campaign, "daily-cap", "2026-03-02T00:00:00.000Z");
    }

    [Fact]
    public async Task A_new_number_sends_more_from_day_to_day()
    {
        var ramp = new { numberSince = "2026-03-01T10:00:00Z", firstDay = 1, growth = 2, ceiling = 100 };
        var (advisor, campaign) = await Sent(5, new { warmUp = ramp });
        Assert.Equal(1, Taken);
        await IsHeld(advisor, campaign, "warm-up", "2026-03-02T00:00:00.000Z");

        await Passes(TimeSpan.FromMinutes(10));

        Assert.Equal(3, Taken);
    }

    [Theory]
    [InlineData("Asia/Tokyo", 5, null)] // the next day has begun there
    [InlineData("America/Argentina/Buenos_Aires", 3, "2026-03-02T03:00:00.000Z")]
    public async Task Another_time_zone_ends_the_days_hold_at_its_own_midnight(string zone, int taken, string? until)
    {
        var (advisor, campaign) = await Sent(5, new { dailyCap = 3 });

        (await advisor.Put("/api/profile", new { timeZone = zone })).Is(HttpStatusCode.OK);
        await App.Drain();

        Assert.Equal(taken, Taken);
        if (until is not null) await IsHeld(advisor, campaign, "daily-cap", until);
    }

    /// <summary>The checker knows the cap and the days, and counts what the gateway took.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task No_day_has_more_than_its_cap_under_pauses_faults_and_test_messages(int seed)
    {
        const int Cap = 7;
        var random = new Random(seed);
        var (advisor, campaign) = await Sent(30, new { dailyCap = Cap, breaker = (object?)null });
        var taken = new Dictionary<DateTime, int> { [Clock.GetUtcNow().Date] = Taken };
        for (var step = 0; step < 25; step++)
        {
            var (before, day) = (Taken, Clock.GetUtcNow().AddSeconds(45).Date);
            App.Simulator.Faults.Clear();
            if (random.Next(3) == 0)
                App.Simulator.Faults.Set(
                    new Fault(random.Next(2) == 0 ? FaultKind.ConnectionClosed : FaultKind.TooMany, Times: random.Next(1, 4)));
            if (random.Next(4) == 0) await advisor.Post($"{campaign}/{(random.Next(2) == 0 ? "pause" : "resume")}");
            Clock.Advance(TimeSpan.FromSeconds(45));
            if (random.Next(3) == 0) await advisor.Post($"{campaign}/test-send", new { phone = "+5491166000000" });
            await App.Drain();
            taken[day] = taken.GetValueOrDefault(day) + Taken - before;
        }

        Assert.Equal(2, taken.Count);
        Assert.All(taken.Values, count => Assert.InRange(count, 1, Cap));
    }

    [Fact]
    public async Task A_cap_that_is_lifted_lets_the_lane_go_on_at_once()
    {
        var (advisor, _) = await Sent(5, new { dailyCap = 3 });

        await advisor.Put("/api/whatsapp/pacing", new { dailyCap = (int?)null });
        await App.Drain();

        Assert.Equal(5, Taken);
    }
}
