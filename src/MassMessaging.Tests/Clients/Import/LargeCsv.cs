using System.Text;

namespace MassMessaging.Tests.Clients.Import;

/// <summary>A file of any number of valid rows with long notes, made as it is read.</summary>
internal sealed class LargeCsv(int rows) : Stream
{
    private static readonly string note = new('n', 1000);

    private byte[] line = "Nombre;Celular;Nota\n"u8.ToArray();
    private int row;
    private int at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        if (at == line.Length)
        {
            if (row == rows) return 0;
            line = Encoding.UTF8.GetBytes($"Ana {row};55{row++:D8};{note}\n");
            at = 0;
        }

        var read = Math.Min(count, line.Length - at);
        line.AsSpan(at, read).CopyTo(buffer.AsSpan(offset));
        at += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
