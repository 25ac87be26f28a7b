using MassMessaging.Kernel;

namespace MassMessaging.Tests.Kernel;

/// <summary>What the parcels' views must hold: folded here from the log, and compared with what stands in the tables.</summary>
internal static class Expected
{
    private const string Log = "select distinct tenant_id::uuid, stream_id from mt_events where type like 'parcel_%' order by 1, 2";

    public static async Task Equal(KernelHost host)
    {
        var recorded = await Recorded(host);
        Assert.Equal(await Sums(recorded), await Stored(host, "select posted, moved, kilometres, lost from route_sums order by profile_id, route_id"));
        Assert.Equal(Routes(recorded), await Stored(host, "select parcels, kilometres from route_row order by profile_id, id"));
    }

    public static async Task InlineEqual(KernelHost host)
    {
        var rows = (await Recorded(host)).GroupBy(one => one.Stream).OrderBy(stream => stream.Key)
            .Select(stream => stream.OrderBy(one => one.Version).Aggregate((ParcelRow?)null, ParcelRow.Evolve))
            .OfType<ParcelRow>().Select(row => $"{row.Id} {row.Grams} {row.Kilometres} {row.Moves} {row.MovedAt:O}");
        var stored = await host.Store.Query(
            "select id, grams, kilometres, moves, moved_at from parcel_row order by profile_id, id",
            row => $"{row.GetGuid(0)} {row.GetInt64(1)} {row.GetInt64(2)} {row.GetInt32(3)} {(row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4)):O}",
            default);
        Assert.Equal(rows, stored);
    }

    private static async Task<List<RecordedEvent>> Recorded(KernelHost host)
    {
        var recorded = new List<RecordedEvent>();
        foreach (var stream in await host.Store.Query(Log, row => new StreamKey(row.GetGuid(0), row.GetGuid(1)), default))
            recorded.AddRange(await host.Store.Read(stream, default).ToListAsync());
        return [.. recorded.OrderBy(one => one.Seq)];
    }

    private static Task<List<string>> Sums(List<RecordedEvent> recorded) => Task.FromResult(recorded
        .Select(RouteSums.Increment).OfType<RouteSums>()
        .GroupBy(sum => new StreamKey(sum.ProfileId, sum.RouteId)).OrderBy(group => group.Key)
        .Select(group => $"{group.Sum(sum => sum.Posted)} {group.Sum(sum => sum.Moved)} {group.Sum(sum => sum.Kilometres)} {group.Sum(sum => sum.Lost)}")
        .ToList());

    private static List<string> Routes(List<RecordedEvent> recorded) => recorded
        .Where(one => RouteRow.RowOf(one) is not null)
        .GroupBy(one => new StreamKey(one.Stream.Profile, RouteRow.RowOf(one)!.Value)).OrderBy(group => group.Key)
        .Select(group => group.Aggregate((RouteRow?)null, RouteRow.Evolve)).OfType<RouteRow>()
        .Select(row => $"{row.Parcels} {row.Kilometres}").ToList();

    private static Task<List<string>> Stored(KernelHost host, string sql) => host.Store.Query(
        sql, row => string.Join(' ', Enumerable.Range(0, row.FieldCount).Select(row.GetInt64)), default);
}
