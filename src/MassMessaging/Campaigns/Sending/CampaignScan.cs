using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// How far a campaign's waiting members have been looked through, in the order of their ids. Pure. The place moves over those who are held
/// and stops before the first who is not, so nobody who may go is ever behind it; when it has reached the end, the campaign sleeps until
/// the first hold ends, and no longer than <see cref="Nap"/>: who was given back, requeued or planned meanwhile may be behind it.
/// </summary>
/// <param name="After">Everybody up to here is held; empty: from the beginning.</param>
/// <param name="Step">How many are looked at next: more and more while nobody is found.</param>
/// <param name="WakesAt">The earliest of those holds to end, if that is known, and <paramref name="WakesBy"/> its rule.</param>
/// <param name="RescanAt">Somebody was found since the beginning, so it may begin anew; until somebody was, only the end is an end.</param>
/// <param name="HeldBy">What the campaign's row shows while nobody can go.</param>
public sealed record CampaignScan(
    StreamKey Campaign, Guid After = default, int Step = CampaignScan.FirstStep, DateTimeOffset? WakesAt = null, string? WakesBy = null,
    DateTimeOffset? RescanAt = null, DateTimeOffset? AsleepUntil = null, string? HeldBy = null, DateTimeOffset? HeldUntil = null)
{
    public const int FirstStep = 32;
    public const int LongestStep = 1000;
    private const int Growth = 4;

    public static readonly TimeSpan Nap = TimeSpan.FromMinutes(1);

    /// <summary>While members are still being planned.</summary>
    public static readonly TimeSpan ShortNap = TimeSpan.FromSeconds(2);

    /// <summary>There is nothing to remember.</summary>
    public bool IsFresh => this == new CampaignScan(Campaign);

    /// <summary>The last look found nobody, and there are more.</summary>
    public bool IsSearching => Step > FirstStep;

    public bool IsAsleep => AsleepUntil is not null;

    /// <summary>As it stands now: from the beginning, if it slept or a hold that it passed has ended.</summary>
    public CampaignScan Begin(DateTimeOffset now) =>
        IsAsleep || (RescanAt is { } rescan && (rescan <= now || WakesAt <= now))
            ? new(Campaign, Step: Step, HeldBy: HeldBy, HeldUntil: HeldUntil)
            : this;

    /// <summary>After a look at the next ones.</summary>
    /// <param name="looked">In order, each with what holds it.</param>
    /// <param name="isEnd">There are no more.</param>
    public CampaignScan Look(IReadOnlyList<(Guid Member, MemberHold? Hold)> looked, bool isEnd, DateTimeOffset now, TimeSpan nap)
    {
        var passed = Pass(looked.TakeWhile(one => one.Hold is not null));
        var isSomebodyFree = looked.Any(one => one.Hold is null);
        if (isSomebodyFree)
            return passed with { Step = FirstStep, RescanAt = RescanAt ?? now + Nap, HeldBy = null, HeldUntil = null };
        if (!isEnd) return passed with { Step = Math.Min(LongestStep, Step * Growth) };
        if (passed.WakesBy is null) return new(Campaign);

        var wakesAt = passed.WakesAt is { } at && at < now + nap ? at : now + nap;
        return new(Campaign, Step: FirstStep, AsleepUntil: wakesAt, HeldBy: passed.WakesBy, HeldUntil: passed.WakesAt);
    }

    private CampaignScan Pass(IEnumerable<(Guid Member, MemberHold? Hold)> held) => held.Aggregate(this, (scan, one) => scan with
    {
        After = one.Member,
        WakesBy = scan.WakesBy is null || one.Hold!.Until < (scan.WakesAt ?? DateTimeOffset.MaxValue) ? one.Hold!.By : scan.WakesBy,
        WakesAt = scan.WakesAt is { } known && !(one.Hold!.Until < known) ? known : one.Hold!.Until ?? scan.WakesAt,
    });
}
