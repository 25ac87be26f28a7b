using System.Security.Cryptography;
using System.Text;

namespace MassMessaging.Kernel;

/// <summary>A registered view, with its generics closed: how the engine sees row and sum views alike.</summary>
public sealed record ViewType(string Name, string Table, ViewMode Mode, Type RowType, bool IsSum)
{
    internal RowColumns Columns { get; private init; } = null!;

    /// <summary>Of a sum view.</summary>
    internal SumColumns Sums { get; private init; } = null!;

    /// <summary>Null: all events.</summary>
    internal IReadOnlySet<Type>? Takes { get; private init; }

    internal bool ReadsOrigin { get; private init; }

    internal int Revision { get; private init; }

    private Func<RecordedEvent, Guid?> Rows { get; init; } = _ => null;

    private Func<object?, RecordedEvent, object?> Folds { get; init; } = (row, _) => row;

    private Func<RecordedEvent, object?> Increments { get; init; } = _ => null;

    internal bool IsChain { get; private init; }

    /// <summary>Names of the columns that tell its rows apart.</summary>
    internal IReadOnlyList<string> Keys =>
        IsSum ? [.. Sums.Keys.Select(column => column.Name)] : IsChain ? ["profile_id", "id", "seq"] : ["profile_id", "id"];

    /// <summary>Changes with all that its rows depend on and that can be seen from outside: what the fold does is told by its revision.</summary>
    internal string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        '|', [Name, Table, Mode, Revision, .. Columns.Columns.Select(column => $"{column.Name} {column.Type}"),
            .. (Takes ?? new HashSet<Type>()).Select(type => type.Name).Order(StringComparer.Ordinal)]))));

    /// <param name="type">Null: unknown, and so of concern to everybody.</param>
    internal bool Cares(Type? type) => Takes is null || type is null || Takes.Contains(type);

    /// <summary>Of a row view: the row that an event belongs to. Of a chain view: the chain.</summary>
    /// <exception cref="ViewFailure">The view cannot take the event.</exception>
    internal Guid? RowOf(RecordedEvent recorded) => Guard(recorded, Rows, static (rows, recorded) => rows(recorded));

    /// <summary>Of a row view: the fold. Of a chain view: the event's row behind the last one.</summary>
    /// <exception cref="ViewFailure">The view cannot take the event.</exception>
    internal object? Evolve(object? row, RecordedEvent recorded) => Guard(recorded, (Folds, row), static (fold, recorded) => fold.Folds(fold.row, recorded));

    /// <summary>Of a sum view: what an event adds.</summary>
    /// <exception cref="ViewFailure">The view cannot take the event.</exception>
    internal object? Increment(RecordedEvent recorded) => Guard(recorded, Increments, static (increments, recorded) => increments(recorded));

    /// <summary>Runs the view's own code, so that a failure names the event. While it is being appended the failure is the appender's.</summary>
    private T Guard<TView, T>(RecordedEvent recorded, TView own, Func<TView, RecordedEvent, T> fold)
    {
        try
        {
            return fold(own, recorded);
        }
        catch (Exception failure) when (recorded.Seq > 0)
        {
            throw new ViewFailure(recorded.Seq, $"{Name} failed on event {recorded.Seq} ({recorded.Data.GetType().Name}): {failure.Message}", failure);
        }
    }

    internal static ViewType Row<TRow>(ViewMode mode)
        where TRow : class, IRowView<TRow> => new(TRow.ViewName, TRow.Table, mode, typeof(TRow), IsSum: false)
        {
            Columns = RowColumns.Of<TRow>(),
            Takes = TRow.Takes?.ToHashSet(),
            ReadsOrigin = TRow.ReadsOrigin,
            Revision = TRow.Revision,
            Rows = TRow.RowOf,
            Folds = (row, recorded) => TRow.Evolve((TRow?)row, recorded),
        };

    internal static ViewType Chain<TRow>()
        where TRow : class, IChainView<TRow> => new(TRow.ViewName, TRow.Table, ViewMode.Async, typeof(TRow), IsSum: false)
        {
            Columns = RowColumns.Of<TRow>(),
            Takes = TRow.Takes?.ToHashSet(),
            ReadsOrigin = true, // they are part of the event as stored
            Revision = TRow.Revision,
            Rows = TRow.ChainOf,
            Folds = (last, recorded) => TRow.Next((TRow?)last, recorded),
            IsChain = true,
        };

    internal static ViewType Sum<TRow>()
        where TRow : class, ISumView<TRow> => new(TRow.ViewName, TRow.Table, ViewMode.Async, typeof(TRow), IsSum: true)
        {
            Columns = RowColumns.Of<TRow>(),
            Sums = SumColumns.Of<TRow>(RowColumns.Of<TRow>()),
            Takes = TRow.Takes?.ToHashSet(),
            ReadsOrigin = TRow.ReadsOrigin,
            Revision = TRow.Revision,
            Increments = TRow.Increment,
        };
}
