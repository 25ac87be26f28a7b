using System.Buffers.Binary;
using System.Collections.Immutable;

namespace MassMessaging.Campaigns.Sending;

/// <summary>So many slots that started at the same instant.</summary>
public readonly record struct Slots(DateTimeOffset At, int Count);

/// <summary>
/// The last N slots of a lane, oldest first: what the window is proved from (a token bucket is not enough: it admits 2N in a window that
/// straddles a refill). Where N is large, up to N/256 neighbours are kept as one entry at the latest instant, which can only delay.
/// </summary>
public sealed record SlotRing(ImmutableArray<Slots> Entries)
{
    private const int FinestEntries = 256;
    private const int EntrySize = sizeof(long) + sizeof(int);

    public static SlotRing Empty { get; } = new([]);

    /// <summary>Start of the <paramref name="n"/>-th last slot; null when there were fewer.</summary>
    public DateTimeOffset? Last(int n)
    {
        for (var index = Entries.Length - 1; index >= 0; index--)
        {
            n -= Entries[index].Count;
            if (n <= 0) return Entries[index].At;
        }

        return null;
    }

    /// <summary>The ring after one more slot, with what no window of the rate can reach any more forgotten.</summary>
    public SlotRing Add(DateTimeOffset at, LaneRate rate)
    {
        var merges = Entries is [.., var last] && last.Count * FinestEntries < rate.Messages && at - last.At < rate.Window / FinestEntries;
        var entries = merges
            ? Entries.SetItem(Entries.Length - 1, new Slots(at, Entries[^1].Count + 1))
            : Entries.Add(new Slots(at, 1));
        return new SlotRing(Trim(entries, rate, at));
    }

    public static SlotRing Read(ReadOnlySpan<byte> bytes)
    {
        var entries = ImmutableArray.CreateBuilder<Slots>(bytes.Length / EntrySize);
        for (var at = 0; at + EntrySize <= bytes.Length; at += EntrySize)
        {
            var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes[at..]);
            entries.Add(new Slots(new DateTimeOffset(ticks, TimeSpan.Zero), BinaryPrimitives.ReadInt32BigEndian(bytes[(at + sizeof(long))..])));
        }

        return new SlotRing(entries.DrainToImmutable());
    }

    public byte[] Write()
    {
        var bytes = new byte[Entries.Length * EntrySize];
        for (var index = 0; index < Entries.Length; index++)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(index * EntrySize), Entries[index].At.UtcTicks);
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan((index * EntrySize) + sizeof(long)), Entries[index].Count);
        }

        return bytes;
    }

    /// <summary>What neither the last N slots nor a window that ends now can reach.</summary>
    private static ImmutableArray<Slots> Trim(ImmutableArray<Slots> entries, LaneRate rate, DateTimeOffset now)
    {
        var kept = 0;
        for (var index = entries.Length - 1; index >= 0; index--)
        {
            if (kept >= rate.Messages || entries[index].At + rate.Window + rate.Slack < now) return entries.RemoveRange(0, index + 1);
            kept += entries[index].Count;
        }

        return entries;
    }
}
