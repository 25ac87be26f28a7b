namespace MassMessaging.Kernel;

/// <summary>
/// A view with one row per key, as a pure fold (Marten: single- or multi-stream projection). The record's properties are the table's
/// columns in snake_case; <c>ProfileId</c> and <c>Id</c> (both <see cref="Guid"/>) are the primary key. Enums are text.
/// </summary>
public interface IRowView<TSelf>
    where TSelf : class, IRowView<TSelf>
{
    /// <summary>Kebab-case, as operations show it.</summary>
    static abstract string ViewName { get; }

    static abstract string Table { get; }

    /// <summary>Id of the row that the event belongs to (its profile is the stream's); null when the view does not care.</summary>
    static abstract Guid? RowOf(RecordedEvent recorded);

    /// <summary>Null in: no row yet. Null out: no row, or delete it.</summary>
    static abstract TSelf? Evolve(TSelf? row, RecordedEvent recorded);

    /// <summary>The events that the view looks at; null: all. No others reach it, and a rebuild does not even read them.</summary>
    static virtual IReadOnlyCollection<Type>? Takes => null;

    /// <summary>False: it reads no actor, correlation or causation, and a rebuild leaves them out.</summary>
    static virtual bool ReadsOrigin => true;

    /// <summary>Raised with a change of the fold: the next start builds the rows anew, beside the old, and exchanges them.</summary>
    static virtual int Revision => 1;
}

/// <summary>
/// A view of sums, as pure increments: every <see cref="long"/> property is added up, every other one is part of the key
/// (<c>ProfileId</c> first). Properties are columns in snake_case.
/// </summary>
public interface ISumView<TSelf>
    where TSelf : class, ISumView<TSelf>
{
    static abstract string ViewName { get; }

    static abstract string Table { get; }

    /// <summary>What the event adds, or null.</summary>
    static abstract TSelf? Increment(RecordedEvent recorded);

    /// <inheritdoc cref="IRowView{TSelf}.Takes"/>
    static virtual IReadOnlyCollection<Type>? Takes => null;

    /// <inheritdoc cref="IRowView{TSelf}.ReadsOrigin"/>
    static virtual bool ReadsOrigin => true;

    /// <inheritdoc cref="IRowView{TSelf}.Revision"/>
    static virtual int Revision => 1;
}
