using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Tests.Campaigns;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Tests.WhatsApp.Policies;

public sealed class DailyLimitSpecs
{
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("America/Mexico_City");
    private static readonly WarmUp Ramp = new(Facts.Noon, FirstDay: 20, Growth: 1.5, Ceiling: 100);

    [Fact]
    public void Without_cap_and_ramp_there_is_no_limit() => Assert.Null(DailyLimit.Of(null, null, Facts.Noon, Zone));

    [Theory]
    [InlineData(-5, 20)]
    [InlineData(0, 20)]
    [InlineData(1, 30)]
    [InlineData(2, 45)]
    [InlineData(3, 67)]
    [InlineData(4, 100)]
    [InlineData(4000, 100)]
    public void A_ramp_grows_from_day_to_day_up_to_its_ceiling(int day, int messages) =>
        Assert.Equal(messages, DailyLimit.Of(null, Ramp, Facts.Noon.AddDays(day), Zone));

    [Fact]
    public void The_lower_of_cap_and_ramp_holds()
    {
        Assert.Equal(25, DailyLimit.Of(25, Ramp, Facts.Noon.AddDays(1), Zone));
        Assert.Equal(20, DailyLimit.Of(25, Ramp, Facts.Noon, Zone));
    }

    [Fact]
    public void The_number_is_a_day_older_at_midnight_of_the_profile() =>
        Assert.Equal(30, DailyLimit.Of(null, Ramp, new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.FromHours(-6)), Zone));

    [Fact]
    public void A_ramp_never_falls_and_stays_within_its_ceiling() =>
        Prop.ForAll(
            (from first in Gen.Choose(1, 1000)
             from growth in Gen.Choose(100, 1000)
             from ceiling in Gen.Choose(1, 10_000_000)
             from day in Gen.Choose(0, 3650)
             select (Ramp: new WarmUp(Facts.Noon, first, growth / 100.0, ceiling), Day: day)).ToArbitrary(),
            one =>
            {
                var today = DailyLimit.OnRamp(one.Ramp, Facts.Noon.AddDays(one.Day), Zone);
                Assert.InRange(today, Math.Min(one.Ramp.FirstDay, one.Ramp.Ceiling), one.Ramp.Ceiling);
                Assert.True(today <= DailyLimit.OnRamp(one.Ramp, Facts.Noon.AddDays(one.Day + 1), Zone));
            }).QuickCheckThrowOnFailure();
}
