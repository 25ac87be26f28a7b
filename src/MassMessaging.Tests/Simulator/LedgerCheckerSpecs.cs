using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Simulator;

namespace MassMessaging.Tests.Simulator;

public sealed class LedgerCheckerSpecs
{
    [Fact]
    public void The_fullest_window_is_what_trying_every_start_finds() =>
        Prop.ForAll(
            Gen.Choose(0, 200).ListOf().Select(times => times.Select(time => (long)time).ToArray()).ToArbitrary(),
            Gen.Choose(1, 100).ToArbitrary(),
            (times, length) => LedgerChecker.MostInWindow(times, TimeSpan.FromMicroseconds(length)) == Naive(times, length))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void A_window_is_half_open()
    {
        long[] times = [0, 1_000_000, 2_000_000];

        Assert.Equal(1, LedgerChecker.MostInWindow(times, TimeSpan.FromSeconds(1)));
        Assert.Equal(2, LedgerChecker.MostInWindow(times, TimeSpan.FromMicroseconds(1_000_001)));
    }

    [Fact]
    public void Nothing_is_in_an_empty_ledger() =>
        Assert.Equal(0, LedgerChecker.MostInWindow(Array.Empty<long>(), TimeSpan.FromMinutes(1)));

    [Fact]
    public void An_excess_names_its_window()
    {
        long[] times = [5, 100, 101, 102, 500];

        Assert.Equal(new WindowExcess(100, 3), LedgerChecker.Excess(times, 2, TimeSpan.FromMicroseconds(10)));
        Assert.Null(LedgerChecker.Excess(times, 3, TimeSpan.FromMicroseconds(10)));
    }

    [Fact]
    public void Instances_do_not_share_a_window() =>
        Assert.Equal(1, LedgerChecker.MostInWindow([Entry("a", "1", "x"), Entry("b", "1", "x")], TimeSpan.FromMinutes(1)));

    [Fact]
    public void A_duplicate_is_the_same_text_to_the_same_number_from_the_same_instance()
    {
        LedgerEntry[] entries = [Entry("a", "1", "x"), Entry("a", "1", "x"), Entry("a", "1", "y"), Entry("a", "2", "x"), Entry("b", "1", "x")];

        Assert.Equal([new DuplicateSend("1", "x", 2)], LedgerChecker.Duplicates(entries));
    }

    private static int Naive(long[] times, int length)
    {
        var most = 0;
        for (var start = 0; start <= 200; start++) most = Math.Max(most, times.Count(time => time >= start && time < start + length));
        return most;
    }

    private static LedgerEntry Entry(string instance, string number, string text) =>
        new(0, instance, "", number, "", text, "", 0, 0, DateTimeOffset.UnixEpoch, null, true);
}
