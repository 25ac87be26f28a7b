using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Audit;

/// <summary>Which past is asked for: after a stream's n-th event, up to a place in the log, or at an instant. None of them is the present.</summary>
public sealed record Moment(long? Version, long? Seq, DateTimeOffset? At)
{
    public static readonly string[] Codes = ["version-out-of-range", "seq-out-of-range", "instant-out-of-range"];

    /// <exception cref="ProblemException">400: wrong, or more than one.</exception>
    public static Moment Of(Query query)
    {
        var moment = new Moment(query.Long("version", 0), query.Long("seq", 0), query.Time("at"));
        if (new object?[] { moment.Version, moment.Seq, moment.At }.Count(one => one is not null) > 1)
            query.Wrong("version", "version, seq and at exclude one another");
        query.ThrowIfWrong();
        return moment;
    }

    public static RouteHandlerBuilder Ask(RouteHandlerBuilder route) => route
        .Asks("version", "After this many events of its own stream, from 1.")
        .Asks("seq", "Up to and with this place in the log.")
        .Asks("at", "With all that was recorded up to this instant.");

    /// <summary>How many of the stream's events had happened.</summary>
    /// <exception cref="ProblemException">400: before there was anything, or in the future.</exception>
    public int Count(IReadOnlyList<RecordedEvent> history, long logEnd, DateTimeOffset now)
    {
        if (Version is { } version)
            return version >= 1 && version <= history.Count ? (int)version : throw Refuse(Codes[0], $"There are versions 1 to {history.Count}.");
        if (Seq is { } seq)
        {
            return seq >= history[0].Seq && seq <= logEnd
                ? history.Count(recorded => recorded.Seq <= seq)
                : throw Refuse(Codes[1], $"Its history goes from {history[0].Seq} to the log's end, {logEnd}.");
        }

        return At is not { } at ? history.Count
            : at >= history[0].At && at <= now ? history.TakeWhile(recorded => recorded.At <= at).Count()
            : throw Refuse(Codes[2], "That is before it began, or has not come yet.");
    }

    private static ProblemException Refuse(string code, string detail) => new(StatusCodes.Status400BadRequest, code, detail);
}
