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

    /// <summary>Of a row view: the row that an event belongs to.</summary>
    internal Func<RecordedEvent, Guid?> RowOf { get; private init; } = _ => null;

    /// <summary>Of a row view: the fold.</summary>
    internal Func<object?, RecordedEvent, object?> Evolve { get; private init; } = (row, _) => row;

    /// <summary>Of a chain view: the event's row behind the last one. <see cref="RowOf"/> names the chain.</summary>
    internal Func<object?, RecordedEvent, object> Next { get; private init; } = (_, _) => new object();

    internal bool IsChain { get; private init; }

    /// <summary>Of a sum view: what an event adds.</summary>
    internal Func<RecordedEvent, object?> Increment { get; private init; } = _ => null;

    /// <summary>Names of the columns that tell its rows apart.</summary>
    internal IReadOnlyList<string> Keys =>
        IsSum ? [.. Sums.Keys.Select(column => column.Name)] : IsChain ? ["profile_id", "id", "seq"] : ["profile_id", "id"];

    /// <summary>Changes with all that its rows depend on and that can be seen from outside: what the fold does is told by its revision.</summary>
    internal string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
        '|', [Name, Table, Mode, Revision, .. Columns.Columns.Select(column => $"{column.Name} {column.Type}"),
            .. (Takes ?? new HashSet<Type>()).Select(type => type.Name).Order(StringComparer.Ordinal)]))));

    /// <param name="type">Null: unknown, and so of concern to everybody.</param>
    internal bool Cares(Type? type) => Takes is null || type is null || Takes.Contains(type);

    internal static ViewType Row<TRow>(ViewMode mode)
        where TRow : class, IRowView<TRow> => new(TRow.ViewName, TRow.Table, mode, typeof(TRow), IsSum: false)
        {
            Columns = RowColumns.Of<TRow>(),
            Takes = TRow.Takes?.ToHashSet(),
            ReadsOrigin = TRow.ReadsOrigin,
            Revision = TRow.Revision,
            RowOf = TRow.RowOf,
            Evolve = (row, recorded) => TRow.Evolve((TRow?)row, recorded),
        };

    internal static ViewType Chain<TRow>()
        where TRow : class, IChainView<TRow> => new(TRow.ViewName, TRow.Table, ViewMode.Async, typeof(TRow), IsSum: false)
        {
            Columns = RowColumns.Of<TRow>(),
            Takes = TRow.Takes?.ToHashSet(),
            ReadsOrigin = true, // they are part of the event as stored
            Revision = TRow.Revision,
            RowOf = TRow.ChainOf,
            Next = (last, recorded) => TRow.Next((TRow?)last, recorded),
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
            Increment = TRow.Increment,
        };
}
