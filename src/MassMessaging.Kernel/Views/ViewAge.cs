namespace MassMessaging.Kernel;

public static class ViewAge
{
    // The first event that a view has not taken in: one look at the log's primary key, as far on as the view is behind.
    private const string FirstMissing = """
        select min(e.timestamp)
        from unnest(@views::text[]) as v (name)
        left join mt_event_progression p on p.name = v.name
        cross join lateral (select timestamp from mt_events where seq_id > coalesce(p.last_seq_id, 0) order by seq_id limit 1) e
        """;

    /// <summary>
    /// The instant up to which all of these async views hold what was recorded: now, unless one is behind. What is read from them
    /// afterwards is at least as new.
    /// </summary>
    public static async Task<DateTimeOffset> AsOf(this IStore store, IReadOnlyCollection<string> views, CancellationToken ct)
    {
        var now = store.Clock.GetUtcNow();
        using var all = RowScope.OfService(); // how far a view is, whoever's events it lacks
        var missing = await store.Query(
            FirstMissing, row => row.IsDBNull(0) ? (DateTimeOffset?)null : row.GetFieldValue<DateTimeOffset>(0), ct, ("views", views.ToArray()));
        return missing is [{ } at] && at < now ? at : now;
    }
}
