using System.Buffers.Binary;
using System.Text;

namespace MassMessaging.Tests.Telemetry;

/// <summary>A protobuf message, read by field numbers alone: enough for OTLP, whose numbers are frozen.</summary>
internal sealed class Protobuf
{
    private readonly ILookup<int, object> fields;

    private Protobuf(ReadOnlySpan<byte> bytes) => fields = Read(bytes).ToLookup(field => field.Number, field => field.Value);

    public static Protobuf Parse(byte[] bytes) => new(bytes);

    public IEnumerable<Protobuf> All(int field) => fields[field].Select(value => new Protobuf((byte[])value));

    public Protobuf? One(int field) => All(field).FirstOrDefault();

    public string Text(int field) => fields[field].FirstOrDefault() is byte[] bytes ? Encoding.UTF8.GetString(bytes) : "";

    public string Hex(int field) => fields[field].FirstOrDefault() is byte[] bytes ? Convert.ToHexStringLower(bytes) : "";

    public long Whole(int field) => fields[field].FirstOrDefault() is ulong number ? (long)number : 0;

    public double Number(int field) => fields[field].FirstOrDefault() is ulong bits ? BitConverter.UInt64BitsToDouble(bits) : 0;

    public bool Has(int field) => fields.Contains(field);

    private static List<(int Number, object Value)> Read(ReadOnlySpan<byte> bytes)
    {
        var read = new List<(int, object)>();
        while (bytes.Length > 0)
        {
            var tag = Varint(ref bytes);
            object value = (tag & 7) switch
            {
                0 => Varint(ref bytes),
                1 => BinaryPrimitives.ReadUInt64LittleEndian(Take(ref bytes, 8)),
                5 => (ulong)BinaryPrimitives.ReadUInt32LittleEndian(Take(ref bytes, 4)),
                2 => Take(ref bytes, (int)Varint(ref bytes)).ToArray(),
                var wire => throw new InvalidDataException($"Wire type {wire}."),
            };
            read.Add(((int)(tag >> 3), value));
        }

        return read;
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int length)
    {
        var taken = bytes[..length];
        bytes = bytes[length..];
        return taken;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        var (value, shift) = (0UL, 0);
        while (true)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
            shift += 7;
        }
    }
}
