using MassMessaging.Kernel;

namespace MassMessaging.Tests.Kernel;

/// <summary>Short names for what specs say most.</summary>
internal static class Given
{
    public static Guid Route { get; } = Guid.Parse("00000000-0000-7000-8000-000000000001");

    public static StreamKey NewKey() => new(Guid.NewGuid(), Guid.CreateVersion7());

    public static ParcelPosted Posted(long grams = 100, Guid? route = null) =>
        new(route ?? Route, grams, new DateTimeOffset(2026, 3, 1, 12, 0, 0, 123, TimeSpan.FromHours(2)), ParcelKind.HeavyGoods);

    public static ParcelMoved Moved(long kilometres, Guid? route = null) => new(route ?? Route, kilometres);

    public static ParcelLost Lost(Guid? route = null) => new(route ?? Route);
}
