using MassMessaging.Campaigns.Sending;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Policies;

namespace MassMessaging.Campaigns;

/// <summary>When a campaign would go out if it were sent now (or, scheduled, at its time).</summary>
/// <param name="PerMinute">The lane's lasting rate, over all its campaigns, while nothing holds it.</param>
/// <param name="FirstSendAt">Null when nobody is in the audience, or nobody may ever be written to.</param>
/// <param name="FinishAt">When its last slot starts; null as well when that is more than a year away.</param>
public sealed record SendEstimate(double PerMinute, DateTimeOffset? FirstSendAt, DateTimeOffset? FinishAt)
{
    public static SendEstimate Of(SendPlan plan)
    {
        var slots = new SlotForecast(plan.Rate, plan.Ring, plan.Start);
        var (first, last) = new SendForecast(plan, slots).Run();
        if (plan.Held is { Count: > 0, First: { } free, Last: { } allFree })
        {
            if (plan.Held.Count >= plan.Recipients.Sum(zone => zone.Count) && first < free) first = free;
            if (last < allFree) last = allFree;
        }

        return new(Math.Round(TimeSpan.FromMinutes(1) / slots.MeanSpacing, 2), first, last);
    }
}

/// <summary>What an estimate is made from.</summary>
/// <param name="Ring">The lane's last slots.</param>
/// <param name="Start">When the lane may grant this campaign its first slot.</param>
/// <param name="Before">
/// Messages of the lane's other campaigns that go out before this one's last: taken to live where this one's recipients live.
/// </param>
/// <param name="Recipients">How many in each time zone.</param>
/// <param name="Zone">The profile's: of the days that are counted.</param>
/// <param name="SentToday">On the day of <paramref name="Start"/>, by any campaign.</param>
/// <param name="Held">Whom Meta's pair limit holds meanwhile.</param>
public sealed record SendPlan(
    LaneRate Rate, SlotRing Ring, DateTimeOffset Start, long Before, IReadOnlyList<(TimeZoneInfo Zone, long Count)> Recipients,
    QuietHours? Quiet, int? DailyCap, WarmUp? WarmUp, TimeZoneInfo Zone, long SentToday,
    HeldPairs? Held = null);

/// <summary>
/// Goes through the days to come from one moment at which something changes to the next: quiet begins or ends somewhere, a day's messages
/// are used up, a zone has everybody's message. In between slots follow one another at the lane's mean spacing.
/// </summary>
internal sealed class SendForecast(SendPlan plan, SlotForecast slots)
{
    private const int LongestDays = 366;
    private const double Nobody = 0.5;
    private readonly double[] waiting = Share(plan);
    private readonly (bool IsQuiet, DateTimeOffset Until)[] clocks = new (bool, DateTimeOffset)[plan.Recipients.Count];
    private DateTimeOffset now = plan.Start;
    private DateTimeOffset dayEnd = DailyLimit.NextDay(plan.Start, plan.Zone);
    private long usedToday = plan.SentToday;

    public (DateTimeOffset? First, DateTimeOffset? Last) Run()
    {
        DateTimeOffset? first = null;
        while (waiting.Sum() >= Nobody)
        {
            if (now > plan.Start.AddDays(LongestDays)) return (first, null);
            if (now >= dayEnd) (dayEnd, usedToday) = (DailyLimit.NextDay(now, plan.Zone), 0);
            var left = DailyLimit.Of(plan.DailyCap, plan.WarmUp, now, plan.Zone) - usedToday;
            if (left <= 0)
            {
                now = slots.Rest(dayEnd);
                continue;
            }

            var awake = Awake();
            if (awake.Count == 0)
            {
                if (NextAwake() is not { } morning) return (first, null);
                now = slots.Rest(morning);
                continue;
            }

            first ??= now;
            var count = Math.Min(Math.Min(Demand(awake), left ?? long.MaxValue), slots.Before(Change(left is not null)));
            if (count == Demand([.. Enumerable.Range(0, waiting.Length)])) return (first, slots.At(count - 1));
            Grant(awake, count);
        }

        return (first, first);
    }

    /// <summary>Everybody who goes out until this campaign's last, zone by zone.</summary>
    private static double[] Share(SendPlan plan)
    {
        var own = plan.Recipients.Sum(zone => zone.Count);
        return [.. plan.Recipients.Select(zone => own == 0 ? 0.0 : zone.Count * (double)(own + plan.Before) / own)];
    }

    private List<int> Awake()
    {
        for (var zone = 0; zone < clocks.Length; zone++)
            if (plan.Quiet is { } quiet && now >= clocks[zone].Until)
                clocks[zone] = (
                    QuietTime.IsQuiet(quiet, now, plan.Recipients[zone].Zone),
                    QuietTime.NextChange(quiet, now, plan.Recipients[zone].Zone) ?? DateTimeOffset.MaxValue);
        return [.. Enumerable.Range(0, waiting.Length).Where(zone => waiting[zone] > 0 && !clocks[zone].IsQuiet)];
    }

    private DateTimeOffset? NextAwake() =>
        Enumerable.Range(0, waiting.Length).Where(zone => waiting[zone] > 0).Min(zone => clocks[zone].Until) is var at
        && at < DateTimeOffset.MaxValue ? at : null;

    private DateTimeOffset Change(bool daysCount)
    {
        var change = daysCount ? dayEnd : DateTimeOffset.MaxValue;
        for (var zone = 0; plan.Quiet is not null && zone < waiting.Length; zone++)
            if (waiting[zone] > 0 && clocks[zone].Until < change)
                change = clocks[zone].Until;
        return change;
    }

    private long Demand(List<int> zones) => Math.Max(1, (long)Math.Round(zones.Sum(zone => waiting[zone])));

    private void Grant(List<int> awake, long count)
    {
        var kept = Math.Max(0, 1 - (count / awake.Sum(zone => waiting[zone])));
        foreach (var zone in awake) waiting[zone] = count == Demand(awake) && kept * waiting[zone] < 1 ? 0 : waiting[zone] * kept;
        usedToday += count;
        now = slots.Take(count);
    }
}
