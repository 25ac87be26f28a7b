using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MassMessaging.Clients.Timeline;

public enum TimelineKind
{
    /// <summary>A message of a campaign is for the client; <c>status</c> is where it stands now, <c>reason</c> why.</summary>
    Message,

    /// <summary>
    /// What became of a message at that time: <c>sent</c>, <c>delivered</c>, <c>read</c>, <c>failed</c>, <c>in_doubt</c>.
    /// </summary>
    Status,

    /// <summary>The client wrote back.</summary>
    Reply,

    /// <summary>An advisor's note.</summary>
    Note,

    /// <summary>The client agreed or declined: <c>status</c> is <c>consent</c>, <c>opt_out</c> or <c>opt_in</c>.</summary>
    Consent,
}

/// <summary>One thing that happened between the advisor and a client. What a kind does not have is null.</summary>
/// <param name="Id">Of this row, for paging: newer rows have higher ones.</param>
/// <param name="CampaignName">The campaign's name now.</param>
/// <param name="MemberId">The client's row in the campaign's audience.</param>
/// <param name="Variant">Of a campaign with variants: which one.</param>
/// <param name="Text">The message as the client reads it, or the client's reply.</param>
/// <param name="Source">Of consent: how it is known.</param>
public sealed record TimelineRow(
    Guid Id, DateTimeOffset At, TimelineKind Kind, Guid? CampaignId = null, string? CampaignName = null, Guid? MemberId = null,
    string? Variant = null, string? Text = null, string? Note = null, string? Status = null, string? Reason = null, string? Source = null);

/// <summary>
/// Ids of rows that stand in several tables, or are one of several times of a row: the time comes first, so that the order of ids is the
/// order of rows and a page can go on behind an id alone (RFC 9562 version 8).
/// </summary>
public static class TimelineId
{
    private static readonly string[] steps = ["opt_out", "opt_in", "consent", "note", "message", "in_doubt", "sent", "delivered", "read", "failed", "reply"];

    /// <param name="at">To the millisecond.</param>
    /// <param name="step">What happened; of what happened at once, the later step is the newer one.</param>
    /// <param name="subject">To what.</param>
    public static Guid Of(DateTimeOffset at, string step, Guid subject)
    {
        Span<byte> id = stackalloc byte[16];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        subject.TryWriteBytes(id, bigEndian: true, out _);
        SHA256.HashData(id, hash);
        hash[..10].CopyTo(id[6..]);
        BinaryPrimitives.WriteInt16BigEndian(id, (short)(Milliseconds(at) >> 32));
        BinaryPrimitives.WriteInt32BigEndian(id[2..], (int)Milliseconds(at));
        id[6] = (byte)(0x80 | Math.Max(0, Array.IndexOf(steps, step)));
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }

    /// <summary>Rows behind this one are earlier than the answer.</summary>
    public static DateTimeOffset End(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var milliseconds = ((long)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]);
        return DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds + 1, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));
    }

    private static long Milliseconds(DateTimeOffset at) => Math.Max(0, at.ToUnixTimeMilliseconds());
}
