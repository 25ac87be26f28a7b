using System.Collections.Immutable;

namespace MassMessaging.Simulator;

/// <summary>The faults switched on now. Reading them takes no lock: a send sees the list as it was when it asked.</summary>
public sealed class Faults(bool magicNumbers)
{
    private ImmutableArray<Switched> switched = [];

    public IReadOnlyList<Fault> All => [.. switched.Select(each => each.Fault)];

    /// <summary>Adds a fault, in place of one of the same kind, instance and number.</summary>
    public void Set(Fault fault) => ImmutableInterlocked.Update(
        ref switched,
        static (known, added) => [.. known.Where(each => !IsSamePlace(each.Fault, added.Fault)), added],
        new Switched(fault));

    public void Replace(IEnumerable<Fault> faults) =>
        ImmutableInterlocked.InterlockedExchange(ref switched, [.. faults.Select(fault => new Switched(fault))]);

    /// <summary>Without arguments: all of them.</summary>
    public void Clear(string? instance = null, FaultKind? kind = null) => ImmutableInterlocked.Update(
        ref switched,
        (known, _) => [.. known.Where(each =>
            (instance is not null && each.Fault.Instance != instance) || (kind is not null && each.Fault.Kind != kind))],
        0);

    internal FaultPlan For(string instance, string number, ref Dice dice)
    {
        var now = switched;
        var magic = magicNumbers ? MagicNumbers.Of(number) : null;
        if (now.IsEmpty && magic is null) return FaultPlan.None;

        var met = ImmutableArray.CreateBuilder<Fault>();
        if (magic is not null) met.Add(magic);
        foreach (var each in now)
        {
            if (Meets(each.Fault, instance, number) && dice.Roll(each.Fault.Probability) && each.Use()) met.Add(each.Fault);
        }

        return met.Count == 0 ? FaultPlan.None : new FaultPlan(met.ToImmutable());
    }

    private static bool Meets(Fault fault, string instance, string number) =>
        (fault.Instance is null || fault.Instance == instance)
        && (fault.Number is null || number.EndsWith(fault.Number, StringComparison.Ordinal));

    private static bool IsSamePlace(Fault known, Fault added) =>
        known.Kind == added.Kind && known.Instance == added.Instance && known.Number == added.Number;

    private sealed class Switched(Fault fault)
    {
        private int left = fault.Times ?? int.MaxValue;

        public Fault Fault => fault;

        public bool Use() => fault.Times is null || Interlocked.Decrement(ref left) >= 0;
    }
}

/// <summary>The faults that one send meets.</summary>
internal sealed class FaultPlan(ImmutableArray<Fault> faults)
{
    public static FaultPlan None { get; } = new([]);

    public bool Has(FaultKind kind) => Find(kind) is not null;

    public Fault? Find(FaultKind kind)
    {
        foreach (var fault in faults)
        {
            if (fault.Kind == kind) return fault;
        }

        return null;
    }

    /// <summary>The first fault of the plan that decides the answer.</summary>
    public Fault? Answer(Func<FaultKind, bool> decides)
    {
        foreach (var fault in faults)
        {
            if (decides(fault.Kind)) return fault;
        }

        return null;
    }

    /// <summary>For the ledger.</summary>
    public string? Names => faults.IsEmpty ? null : string.Join('+', faults.Select(fault => fault.Name));
}
