using MassMessaging.WhatsApp;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Proof;

/// <summary>Time passes while a call is on its way: messages arrive after their slots, some of them together.</summary>
internal sealed class LateGateway(IWhatsApp gateway, FakeTimeProvider clock, Random random) : IWhatsApp
{
    private readonly Lock gate = new();

    /// <summary>No later than this: what a permit's life leaves for the way.</summary>
    public DateTimeOffset Latest { get; set; }

    public Task<SendOutcome> Send(string instance, string number, OutgoingMessage message, Func<bool> mayWrite, CancellationToken ct)
    {
        lock (gate)
        {
            var left = Latest - clock.GetUtcNow();
            if (left > TimeSpan.Zero && random.Next(3) == 0) clock.Advance(left * random.NextDouble());
        }

        return gateway.Send(instance, number, message, mayWrite, ct);
    }
}
