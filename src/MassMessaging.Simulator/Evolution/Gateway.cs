using System.Collections.Concurrent;

namespace MassMessaging.Simulator.Evolution;

/// <summary>Everything that one gateway process holds in memory.</summary>
public sealed class Gateway(
    SimulatorOptions options, Agenda agenda, Webhooks webhooks, Ledger ledger, Faults faults, CancellationToken stopping)
{
    public SimulatorOptions Options { get; } = options;

    public TimeProvider Clock => Options.Clock;

    public Agenda Agenda { get; } = agenda;

    public Webhooks Webhooks { get; } = webhooks;

    public Ledger Ledger { get; } = ledger;

    public Faults Faults { get; } = faults;

    public CancellationToken Stopping { get; } = stopping;

    public DateTimeOffset Now => Clock.GetUtcNow();

    public ConcurrentDictionary<string, Instance> Instances { get; } = new(StringComparer.Ordinal);

    /// <summary>Numbers found on WhatsApp, shared by all instances: a send to one of them asks nobody, and fails in other words.</summary>
    public ConcurrentDictionary<string, WhatsAppNumber> KnownNumbers { get; } = new(StringComparer.Ordinal);

    private readonly InstanceFile? file = options.StateFile is { } path ? new InstanceFile(path) : null;

    /// <summary>Whenever an instance came, went or changed.</summary>
    public void Remember() => file?.Save(Instances.Values);

    /// <summary>At the start: numbers that were linked connect again by themselves.</summary>
    public void Recall()
    {
        foreach (var (instance, wasOpen) in file?.Load() ?? [])
        {
            Instances[instance.Name] = instance;
            if (wasOpen) Linking.Open(this, instance, instance.Attempt);
        }
    }

    /// <summary>A node that waits does not notice that its caller has gone: only the gateway's own end ends this.</summary>
    public Task Hold(TimeSpan delay) => Task.Delay(delay, Clock, Stopping);
}
