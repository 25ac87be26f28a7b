namespace MassMessaging.Simulator;

/// <summary>Reproducible chances: a message's fate depends on its content and the seed, not on what else is in flight.</summary>
public struct Dice(ulong seed)
{
    private ulong state = seed;

    public static Dice For(int seed, string instance, string number, string text)
    {
        var hash = 14695981039346656037UL ^ (ulong)(uint)seed;
        hash = Fold(Fold(Fold(hash, instance), number), text);
        return new Dice(hash);
    }

    /// <summary>In [0, 1). SplitMix64.</summary>
    public double Next()
    {
        state += 0x9E3779B97F4A7C15UL;
        var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    public bool Roll(double probability) => Next() < probability;

    private static ulong Fold(ulong hash, string text)
    {
        foreach (var character in text) hash = (hash ^ character) * 1099511628211UL;
        return (hash ^ 0x1F) * 1099511628211UL;
    }
}
