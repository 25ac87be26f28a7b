using System.Buffers.Binary;

namespace MassMessaging.Campaigns.Launching;

/// <summary>
/// Deals the variants out one person after another, so that after every person each variant has its share to within less than one person:
/// R. Tijdeman, The chairman assignment problem (Discrete Mathematics 32, 1980). Where several are due alike, the member's id decides, which
/// is a hash. See docs/decisions.
/// </summary>
/// <param name="shares">In percent, adding up to 100.</param>
/// <param name="given">How many have each so far; counted on here.</param>
public sealed class VariantShares(IReadOnlyList<int> shares, long[] given)
{
    private readonly int others = shares.Count - 1;
    private long person = given.Sum();

    public IReadOnlyList<long> Given => given;

    /// <summary>The place of the variant that this member gets.</summary>
    public int Next(Guid member)
    {
        person++;
        var waiting = Enumerable.Range(0, shares.Count).Where(place => 2 * others * Owed(place) >= 100).ToList();
        var soonest = waiting.Min(Deadline);
        var due = waiting.FindAll(place => Deadline(place).Equals(soonest));
        var next = due[(int)(Chance(member) % (uint)due.Count)];
        given[next]++;
        return next;
    }

    /// <summary>In hundredths of a person.</summary>
    private long Owed(int place) => (shares[place] * person) - (100 * given[place]);

    /// <summary>After how many more persons it would have fallen behind: a quotient of small integers, so equal ones are equal.</summary>
    private double Deadline(int place) => (double)((2 * others * (100 - Owed(place))) - 100) / shares[place];

    private static uint Chance(Guid member)
    {
        Span<byte> bytes = stackalloc byte[16];
        member.TryWriteBytes(bytes);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]);
    }
}
