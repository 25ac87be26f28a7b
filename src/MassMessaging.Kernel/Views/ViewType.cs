namespace MassMessaging.Kernel;

/// <summary>A registered view, with its generics closed: how the engine sees row and sum views alike.</summary>
public sealed record ViewType(string Name, string Table, ViewMode Mode, Type RowType, bool IsSum)
{
    internal static ViewType Row<TRow>(ViewMode mode)
        where TRow : class, IRowView<TRow> => new(TRow.ViewName, TRow.Table, mode, typeof(TRow), IsSum: false);

    internal static ViewType Sum<TRow>()
        where TRow : class, ISumView<TRow> => new(TRow.ViewName, TRow.Table, ViewMode.Async, typeof(TRow), IsSum: true);
}
