using MassMessaging.Kernel;

namespace MassMessaging.Tests.Kernel;

public sealed record ParcelPosted(Guid RouteId, long Grams, DateTimeOffset WantedAt, ParcelKind Kind);

public sealed record ParcelMoved(Guid RouteId, long Kilometres);

public sealed record ParcelLost(Guid RouteId);

public enum ParcelKind
{
    Letter,
    HeavyGoods,
}

/// <summary>A stream of the kernel's specs: small, and with every kind of column.</summary>
public sealed record Parcel(long Grams, long Kilometres, int Events) : IAggregate<Parcel>
{
    public static Parcel Initial { get; } = new(0, 0, 0);

    public static Parcel Evolve(Parcel state, object @event) => @event switch
    {
        ParcelPosted posted => state with { Grams = posted.Grams, Events = state.Events + 1 },
        ParcelMoved moved => state with { Kilometres = state.Kilometres + moved.Kilometres, Events = state.Events + 1 },
        _ => state with { Events = state.Events + 1 },
    };
}

/// <summary>Inline: one row per parcel, gone when it is lost.</summary>
public sealed record ParcelRow(
    Guid ProfileId, Guid Id, ParcelKind Kind, long Grams, long Kilometres, int Moves, bool IsFar, double Tons, string? MovedBy,
    DateTimeOffset WantedAt, DateTimeOffset? MovedAt, ParcelKind? LastKind)
    : IRowView<ParcelRow>
{
    public static string ViewName => "parcel-rows";

    public static string Table => "parcel_row";

    public static Guid? RowOf(RecordedEvent recorded) => recorded.Stream.Id;

    public static ParcelRow? Evolve(ParcelRow? row, RecordedEvent recorded) => recorded.Data switch
    {
        ParcelPosted posted => new ParcelRow(
            recorded.Stream.Profile, recorded.Stream.Id, posted.Kind, posted.Grams, 0, 0, IsFar: false, posted.Grams / 1e6, MovedBy: null,
            posted.WantedAt, MovedAt: null, LastKind: null),
        ParcelMoved moved when row is not null => row with
        {
            Kilometres = row.Kilometres + moved.Kilometres,
            Moves = row.Moves + 1,
            IsFar = row.Kilometres + moved.Kilometres > 100,
            MovedBy = recorded.Actor,
            MovedAt = recorded.At,
            LastKind = row.Kind,
        },
        ParcelLost => null,
        _ => row,
    };
}

/// <summary>Async: one row per route, which many parcels write to.</summary>
public sealed record RouteRow(Guid ProfileId, Guid Id, long Parcels, long Kilometres, DateTimeOffset LastAt) : IRowView<RouteRow>
{
    public static string ViewName => "routes";

    public static string Table => "route_row";

    public static Guid? RowOf(RecordedEvent recorded) => recorded.Data switch
    {
        ParcelPosted posted => posted.RouteId,
        ParcelMoved moved => moved.RouteId,
        _ => null,
    };

    public static RouteRow? Evolve(RouteRow? row, RecordedEvent recorded)
    {
        var route = row ?? new RouteRow(recorded.Stream.Profile, RowOf(recorded)!.Value, 0, 0, recorded.At);
        return recorded.Data switch
        {
            ParcelPosted => route with { Parcels = route.Parcels + 1, LastAt = recorded.At },
            ParcelMoved { Kilometres: < 0 } => throw new InvalidOperationException("A parcel cannot move backwards."),
            ParcelMoved moved => route with { Kilometres = route.Kilometres + moved.Kilometres, LastAt = recorded.At },
            _ => route,
        };
    }
}

/// <summary>Async: sums per route.</summary>
public sealed record RouteSums(Guid ProfileId, Guid RouteId, long Posted, long Moved, long Kilometres, long Lost) : ISumView<RouteSums>
{
    public static string ViewName => "route-sums";

    public static string Table => "route_sums";

    public static RouteSums? Increment(RecordedEvent recorded) => recorded.Data switch
    {
        ParcelPosted posted => new RouteSums(recorded.Stream.Profile, posted.RouteId, 1, 0, 0, 0),
        ParcelMoved moved => new RouteSums(recorded.Stream.Profile, moved.RouteId, 0, 1, moved.Kilometres, 0),
        ParcelLost lost => new RouteSums(recorded.Stream.Profile, lost.RouteId, 0, 0, 0, 1),
        _ => null,
    };
}
