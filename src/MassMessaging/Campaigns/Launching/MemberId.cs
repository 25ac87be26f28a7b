using System.Security.Cryptography;

namespace MassMessaging.Campaigns.Launching;

/// <summary>
/// A member's id follows from campaign and client, so that a second start of the same member is impossible. It keeps the time prefix of the
/// campaign's id, so that the indexes of one launch stay in one place (RFC 9562 version 8).
/// </summary>
public static class MemberId
{
    private const int PrefixSize = 6;

    public static Guid Of(Guid campaign, Guid client)
    {
        Span<byte> both = stackalloc byte[32];
        campaign.TryWriteBytes(both, bigEndian: true, out _);
        client.TryWriteBytes(both[16..], bigEndian: true, out _);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(both, hash);

        Span<byte> id = stackalloc byte[16];
        both[..PrefixSize].CopyTo(id);
        hash[..10].CopyTo(id[PrefixSize..]);
        id[6] = (byte)((id[6] & 0x0F) | 0x80);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }

    /// <summary>The ids between which all members of the campaign are, both inclusive. Members of another may be among them.</summary>
    public static (Guid First, Guid Last) Range(Guid campaign)
    {
        Span<byte> id = stackalloc byte[16];
        campaign.TryWriteBytes(id, bigEndian: true, out _);
        id[PrefixSize..].Clear();
        var first = new Guid(id, bigEndian: true);
        id[PrefixSize..].Fill(byte.MaxValue);
        return (first, new Guid(id, bigEndian: true));
    }
}
