using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Doubts;

/// <summary>
/// Whether what the gateway kept proves that a message was sent. Only positive evidence counts, and only if it can mean nothing else: the
/// right instance and address are given, the text is the one, the time fits, and there is exactly one such message that is nobody else's.
/// </summary>
public static class Evidence
{
    /// <summary>Clocks of gateway and database may differ by so much, and a minute may turn between rendering and sending.</summary>
    public static readonly TimeSpan ClockError = TimeSpan.FromMinutes(1);

    /// <param name="kept">What the gateway has of this person in the window, without those that are known to be other messages.</param>
    /// <param name="render">The member's text as it would read at an instant: it may hold date and time.</param>
    /// <param name="from">The attempt.</param>
    /// <param name="to">The latest instant at which it can still have been sent.</param>
    public static SentMessage? Of(
        IReadOnlyList<SentMessage> kept, Func<DateTimeOffset, IEnumerable<string>> render, DateTimeOffset from, DateTimeOffset to)
    {
        var matching = kept.DistinctBy(one => one.GatewayMessageId)
            .Where(one => one.At >= from - ClockError && one.At <= to + ClockError)
            .Where(one => Readings(one.At, render).Contains(one.Text, StringComparer.Ordinal)).ToList();
        return matching is [var only] ? only : null;
    }

    /// <summary>Every text that a message sent at this instant may have: a minute may have turned.</summary>
    public static IEnumerable<string> Readings(DateTimeOffset at, Func<DateTimeOffset, IEnumerable<string>> render) =>
        new[] { at, at - ClockError, at + ClockError }.SelectMany(render);
}
