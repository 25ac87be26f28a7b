namespace MassMessaging.Tests.Proof;

/// <summary>A proof is worth what its checker catches: every rule broken by one message, and kept by one less.</summary>
public sealed class LedgerRulesSpecs
{
    private const string Ana = "5491155000001";
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(1);
    private static readonly DateTimeOffset Midnight = new(2026, 3, 2, 3, 0, 0, TimeSpan.Zero); // in Buenos Aires, a Monday begins
    private static readonly LaneRule Rule = new(3, TimeSpan.FromSeconds(10), "America/Argentina/Buenos_Aires");
    private readonly LaneRules lane = new();

    public LedgerRulesSpecs() => Declare(-100_000, Rule);

    [Fact]
    public void One_more_in_a_window_is_caught_and_the_window_is_half_open()
    {
        Assert.Empty(Checker.Rate([At(0), At(1), At(2), At(10)]));
        var broken = Assert.Single(Checker.Rate([At(0), At(1), At(2), At(9.999)]));
        Assert.Equal(("rate", Micros(0)), (broken.Rule, broken.Micros));
    }

    [Fact]
    public void Lanes_do_not_share_a_window() => Assert.Empty(Checker.Rate([At(0), At(1), At(2), At(3) with { Instance = "b" }]));

    [Fact]
    public void A_lowered_rate_holds_from_its_answer_on_and_a_raised_one_no_sooner_than_it_is_asked_for()
    {
        Declare(20, Rule with { Messages = 1 });
        Assert.Empty(Checker.Rate([At(0), At(1), At(2), At(22), At(32)]));
        Assert.Single(Checker.Rate([At(22), At(31)]));

        Declare(50, Rule with { Messages = 5 });
        Assert.Empty(Checker.Rate([At(50.1), At(51), At(52), At(53), At(54)]));
        Assert.NotEmpty(Checker.Rate([At(48), At(50.1)]));
    }

    [Fact]
    public void A_window_begun_under_the_old_rate_is_not_filled_up_under_the_new_one()
    {
        Declare(5, Rule with { Messages = 4, Window = TimeSpan.FromSeconds(1) });

        Assert.Single(Checker.Rate([At(0), At(1), At(2), At(8)]));
    }

    [Fact]
    public void One_more_on_a_day_of_the_profiles_zone_is_caught()
    {
        Declare(-50, Rule with { DailyCap = 2 });

        Assert.Empty(Caps(At(-2), At(-1), At(1), At(2)));
        Assert.Equal("day", Assert.Single(Caps(At(-2), At(-1), At(1), At(2), At(3))).Rule);
    }

    [Fact]
    public void A_cap_set_late_counts_what_the_day_has_had()
    {
        Declare(10, Rule with { DailyCap = 2 });

        Assert.Empty(Caps(At(1), At(2), At(3)));
        Assert.Single(Caps(At(1), At(2), At(20)));
    }

    [Fact]
    public void A_new_numbers_day_is_as_large_as_its_ramp_says()
    {
        Declare(-50, Rule with { Ramp = new(Midnight.AddHours(-20), 1, 2, 100) });

        Assert.Empty(Caps(At(-1), At(1), At(2)));
        Assert.Single(Caps(At(-2), At(-1)));
        Assert.Single(Caps(At(1), At(2), At(3)));
    }

    [Fact]
    public void A_message_in_a_clients_quiet_hours_is_caught_by_the_clients_clock()
    {
        Declare(-50, Rule with { Peace = new(0, 1) });

        Assert.Empty(Caps(At(-1), At(3600)));
        Assert.Equal("quiet hours", Assert.Single(Caps(At(0))).Rule);
        Assert.Empty(Caps(At(0) with { Number = "34600000001" })); // four in the morning there
    }

    [Fact]
    public void A_message_on_a_quiet_day_or_over_midnight_is_caught()
    {
        Declare(-50_000, Rule with { Peace = new(22, 6, DayOfWeek.Monday) });

        Assert.Single(Caps(At(-3600)));
        Assert.Single(Caps(At(12 * 3600)));
        Assert.Empty(Caps(At(36 * 3600)));
    }

    [Fact]
    public void A_client_who_gets_one_more_within_the_days_is_caught()
    {
        Declare(-50, Rule with { PerClient = new(2, TimeSpan.FromDays(1)) });

        Assert.Empty(Caps(At(0), At(100), At(86_400), At(50) with { Number = "34600000001" }));
        Assert.Equal("client", Assert.Single(Caps(At(0), At(100), At(86_398))).Rule);
    }

    [Fact]
    public void Somebody_beyond_the_first_before_their_time_is_over_is_caught()
    {
        var first = new FirstOnes(2, TimeSpan.FromMinutes(1));

        Assert.Empty(Checker.Canary([At(0), At(1)], first));
        Assert.Empty(Checker.Canary([At(0), At(1), At(60)], first));
        Assert.Single(Checker.Canary([At(0), At(1), At(58)], first));
    }

    [Fact]
    public void Whoever_gets_a_text_twice_or_never_is_caught()
    {
        Arrival[] taken = [Sent("1", "Hola"), Sent("1", "Hola"), Sent("2", "Hola"), Sent("2", "Chau")];

        Assert.Single(LedgerRules.Twice(taken));
        Assert.Equal("3", Assert.Single(LedgerRules.Lost(taken, ["1", "2", "3", "4"], leftOut: ["4"])).What);
    }

    private LedgerRules Checker => new(new Dictionary<string, LaneRules> { ["a"] = lane, ["b"] = lane }, OnTheWay);

    private IReadOnlyList<Violation> Caps(params Arrival[] taken) => Checker.Caps(
        taken, number => TimeZoneInfo.FindSystemTimeZoneById(number == Ana ? "America/Argentina/Buenos_Aires" : "Europe/Madrid"));

    private void Declare(double seconds, LaneRule rule) => lane.Declare(Micros(seconds), Micros(seconds), rule);

    private static Arrival At(double seconds) => new("a", Ana, "Hola", Micros(seconds), Midnight.AddSeconds(seconds));

    private static long Micros(double seconds) => (long)(seconds * 1_000_000);

    private static Arrival Sent(string number, string text) => new("a", number, text, 0, Midnight);
}
