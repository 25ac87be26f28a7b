using System.Buffers.Binary;

namespace MassMessaging.Kernel;

/// <summary>
/// Rows of a binary COPY, one at a time, as the bytes that came: reading costs no object. A row's fields hold until the next is read.
/// </summary>
internal sealed class CopyReader(Stream stream, int columns)
{
    private const int HeaderSize = 19;

    private readonly int[] starts = new int[columns];
    private readonly int[] sizes = new int[columns];
    private byte[] buffer = new byte[1 << 17];
    private int at;
    private int filled;
    private bool hasBegun;

    /// <summary>False: there are no more.</summary>
    public async ValueTask<bool> Next(CancellationToken ct)
    {
        if (!hasBegun)
        {
            while (filled < HeaderSize) await Fill(ct);
            (at, hasBegun) = (HeaderSize, true);
        }

        while (true)
        {
            if (filled - at >= 2 && Int16(at) < 0) return false;
            if (Parse()) return true;
            await Fill(ct);
        }
    }

    public bool IsNull(int column) => sizes[column] < 0;

    public ReadOnlySpan<byte> Bytes(int column) => buffer.AsSpan(starts[column], sizes[column]);

    public long Int64(int column) => BinaryPrimitives.ReadInt64BigEndian(Bytes(column));

    public Guid Guid(int column) => new(Bytes(column), bigEndian: true);

    private short Int16(int place) => BinaryPrimitives.ReadInt16BigEndian(buffer.AsSpan(place));

    /// <summary>False: a part of the row is still to come.</summary>
    private bool Parse()
    {
        var place = at + 2;
        for (var column = 0; column < columns; column++)
        {
            if (filled - place < 4) return false;
            var size = BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(place));
            place += 4;
            (starts[column], sizes[column]) = (place, size);
            if (size > 0) place += size;
        }

        if (place > filled) return false;
        at = place;
        return true;
    }

    private async ValueTask Fill(CancellationToken ct)
    {
        if (at > 0)
        {
            buffer.AsSpan(at, filled - at).CopyTo(buffer);
            (filled, at) = (filled - at, 0);
        }

        if (filled == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        var read = await stream.ReadAsync(buffer.AsMemory(filled), ct);
        if (read == 0) throw new EndOfStreamException("The data ended within a row.");
        filled += read;
    }
}
