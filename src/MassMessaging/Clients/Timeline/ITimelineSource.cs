namespace MassMessaging.Clients.Timeline;

/// <summary>What a feature knows of a client's history. Clients merge the sources.</summary>
public interface ITimelineSource
{
    /// <summary>
    /// Newest first: as many as <paramref name="limit"/>, or all there are; with the last one come all others of its millisecond.
    /// </summary>
    /// <param name="profile">The advisor.</param>
    /// <param name="client">One of theirs.</param>
    /// <param name="before">Only earlier rows; null is no bound.</param>
    /// <param name="limit">Rows to answer.</param>
    /// <param name="ct">Of the request.</param>
    Task<IReadOnlyList<TimelineRow>> Rows(Guid profile, Guid client, DateTimeOffset? before, int limit, CancellationToken ct);

    Task<long> Count(Guid profile, Guid client, CancellationToken ct);
}
