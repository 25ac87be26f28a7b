namespace MassMessaging.Kernel;

/// <summary>A registered view, with its generics closed: how the engine sees row and sum views alike.</summary>
public sealed record ViewType(string Name, string Table, ViewMode Mode, Type RowType, bool IsSum)
{
    internal RowColumns Columns { get; private init; } = null!;

    /// <summary>Of a row view: the row that an event belongs to.</summary>
    internal Func<RecordedEvent, Guid?> RowOf { get; private init; } = _ => null;

    /// <summary>Of a row view: the fold.</summary>
    internal Func<object?, RecordedEvent, object?> Evolve { get; private init; } = (row, _) => row;

    /// <summary>Of a sum view: what an event adds.</summary>
    internal Func<RecordedEvent, object?> Increment { get; private init; } = _ => null;

    internal static ViewType Row<TRow>(ViewMode mode)
        where TRow : class, IRowView<TRow> => new(TRow.ViewName, TRow.Table, mode, typeof(TRow), IsSum: false)
        {
            Columns = RowColumns.Of<TRow>(),
            RowOf = TRow.RowOf,
            Evolve = (row, recorded) => TRow.Evolve((TRow?)row, recorded),
        };

    internal static ViewType Sum<TRow>()
        where TRow : class, ISumView<TRow> => new(TRow.ViewName, TRow.Table, ViewMode.Async, typeof(TRow), IsSum: true)
        {
            Columns = RowColumns.Of<TRow>(),
            Increment = TRow.Increment,
        };
}
