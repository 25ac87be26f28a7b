using FsCheck;
using FsCheck.Fluent;
using MassMessaging.Kernel;

namespace MassMessaging.Tests.Kernel;

public sealed class StreamKeySpecs
{
    [Fact]
    public void Keys_are_in_the_order_in_which_their_texts_are() => Prop.ForAll(Keys(), Keys(), (one, other) =>
        Math.Sign(one.CompareTo(other)) == Math.Sign(string.CompareOrdinal(Text(one), Text(other)))).QuickCheckThrowOnFailure();

    private static string Text(StreamKey key) => $"{key.Profile:D}/{key.Id:D}";

    /// <summary>Alike up to some byte, as those of one launch are.</summary>
    private static Arbitrary<StreamKey> Keys() => (
        from profile in Ids()
        from id in Ids()
        select new StreamKey(profile, id)).ToArbitrary();

    private static Gen<Guid> Ids() =>
        from bytes in Gen.Elements<byte>(0x00, 0x01, 0x7F, 0x80, 0xFF).ArrayOf(16)
        from alike in Gen.Choose(0, 16)
        select new Guid([.. bytes.Select((one, place) => place < alike ? (byte)0x7F : one)], bigEndian: true);
}
