using System.Data.Common;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Clients.Timeline;

/// <summary>Notes and consent.</summary>
public sealed class OwnTimeline(IStore store) : ITimelineSource
{
    private const string Newest = """
        select * from (
            select id, created_at as at, 'note' as step, note, null as source, null as reason
            from client_note where profile_id = @profile and client_id = @client
            union all
            select id, at, kind, null, source, reason
            from client_consent where profile_id = @profile and client_id = @client) as told
        where @before::timestamptz is null or at < @before
        order by date_trunc('milliseconds', at) desc
        fetch first (@limit) rows with ties
        """;

    private const string All = """
        select (select count(*) from client_note where profile_id = @profile and client_id = @client)
             + (select count(*) from client_consent where profile_id = @profile and client_id = @client)
        """;

    public async Task<IReadOnlyList<TimelineRow>> Rows(
        Guid profile, Guid client, DateTimeOffset? before, int limit, CancellationToken ct) => await store.Query(
        Newest, Read, ct, ("profile", profile), ("client", client), ("before", before), ("limit", limit));

    public async Task<long> Count(Guid profile, Guid client, CancellationToken ct) =>
        (await store.Query(All, row => row.GetInt64(0), ct, ("profile", profile), ("client", client)))[0];

    private static TimelineRow Read(DbDataReader row)
    {
        var (at, step) = (row.GetFieldValue<DateTimeOffset>(1), row.GetString(2));
        var id = TimelineId.Of(at, step, row.GetGuid(0));
        return step == JsonConventions.NameOf(TimelineKind.Note)
            ? new TimelineRow(id, at, TimelineKind.Note, Note: row.GetString(3))
            : new TimelineRow(
                id, at, TimelineKind.Consent, Status: step, Source: row.GetString(4), Reason: row.IsDBNull(5) ? null : row.GetString(5));
    }
}
