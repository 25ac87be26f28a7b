namespace MassMessaging.Kernel;

/// <summary>
/// An async view with one row per event, each following from the one before of its chain, as in a hash chain or a running number. Rows are
/// only ever added, and depend on the log alone: a rebuild gives the same ones. The record's properties are the table's columns in
/// snake_case; <c>ProfileId</c>, <c>Id</c> (the chain's) and <c>Seq</c> (the event's) are the primary key.
/// </summary>
public interface IChainView<TSelf>
    where TSelf : class, IChainView<TSelf>
{
    /// <summary>Kebab-case, as operations show it.</summary>
    static abstract string ViewName { get; }

    static abstract string Table { get; }

    /// <summary>Id of the chain that the event belongs to (its profile is the stream's); null when the view does not care.</summary>
    static abstract Guid? ChainOf(RecordedEvent recorded);

    /// <summary>The event's row. Null in: it is the chain's first.</summary>
    static abstract TSelf Next(TSelf? last, RecordedEvent recorded);

    /// <inheritdoc cref="IRowView{TSelf}.Takes"/>
    static virtual IReadOnlyCollection<Type>? Takes => null;

    /// <inheritdoc cref="IRowView{TSelf}.Revision"/>
    static virtual int Revision => 1;
}
