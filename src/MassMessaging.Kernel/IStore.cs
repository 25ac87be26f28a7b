using System.Data.Common;

namespace MassMessaging.Kernel;

/// <summary>Opens sessions, and reads outside of them.</summary>
public interface IStore
{
    /// <summary>The database's clock. All time of the product comes from here.</summary>
    TimeProvider Clock { get; }

    /// <summary>The transaction starts with the first statement.</summary>
    ISession Open(Origin origin);

    /// <summary>One read-only statement outside a session.</summary>
    Task<List<T>> Query<T>(string text, Func<DbDataReader, T> map, CancellationToken ct, params (string Name, object? Value)[] args);

    /// <summary>
    /// The events of one stream in order, from <paramref name="fromVersion"/> to <paramref name="toVersion"/>, both inclusive.
    /// </summary>
    IAsyncEnumerable<RecordedEvent> Read(StreamKey stream, CancellationToken ct, long fromVersion = 1, long toVersion = long.MaxValue);
}
