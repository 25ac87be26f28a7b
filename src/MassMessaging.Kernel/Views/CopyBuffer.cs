using System.Buffers.Binary;
using System.Text;

namespace MassMessaging.Kernel;

/// <summary>Rows in PostgreSQL's binary COPY format, put together in memory without a call a column.</summary>
internal sealed class CopyBuffer
{
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly long Year2000 = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;

    private byte[] bytes = new byte[1 << 17];

    public CopyBuffer() => Header.CopyTo(Take(Header.Length));

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    /// <param name="columns">-1 ends the data.</param>
    public void Row(int columns) => BinaryPrimitives.WriteInt16BigEndian(Take(2), (short)columns);

    public void Field<T>(T value)
    {
        switch (value)
        {
            case null: Size(-1); break;
            case Guid id: id.TryWriteBytes(Sized(16), bigEndian: true, out _); break;
            case long number: BinaryPrimitives.WriteInt64BigEndian(Sized(8), number); break;
            case int number: BinaryPrimitives.WriteInt32BigEndian(Sized(4), number); break;
            case bool flag: Sized(1)[0] = flag ? (byte)1 : (byte)0; break;
            case double number: BinaryPrimitives.WriteDoubleBigEndian(Sized(8), number); break;
            case DateTimeOffset at: BinaryPrimitives.WriteInt64BigEndian(Sized(8), (at.UtcTicks - Year2000) / 10); break;
            case string text: Encoding.UTF8.GetBytes(text, Sized(Encoding.UTF8.GetByteCount(text))); break;
            case byte[] bare: bare.CopyTo(Sized(bare.Length)); break;
            default: throw new InvalidOperationException($"A view's column cannot be a {typeof(T)}.");
        }
    }

    /// <summary>An id in a column of text.</summary>
    public void Text(Guid id) => id.TryFormat(Sized(36), out _);

    /// <summary>Into <c>jsonb</c>: behind its version.</summary>
    public void Json(ReadOnlySpan<byte> text)
    {
        var field = Sized(text.Length + 1);
        field[0] = 1;
        text.CopyTo(field[1..]);
    }

    private Span<byte> Sized(int size)
    {
        Size(size);
        return Take(size);
    }

    private void Size(int size) => BinaryPrimitives.WriteInt32BigEndian(Take(4), size);

    private Span<byte> Take(int size)
    {
        if (Length + size > bytes.Length) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + size));
        Length += size;
        return bytes.AsSpan(Length - size, size);
    }
}
