using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Proof;

/// <summary>The gateway's ledger tells the time that a spec moves; what it owes by itself, such as receipts, comes at once.</summary>
internal sealed class GatewayClock(FakeTimeProvider clock) : TimeProvider
{
    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

    public override long GetTimestamp() => clock.GetTimestamp();
}
