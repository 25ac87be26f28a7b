namespace MassMessaging.Campaigns.Restores;

/// <summary>
/// Whether this is the database that the service last worked with. A restored copy says what was so when it was made, and knows nothing of
/// what was sent since: server, timeline, database and table of the log tell it apart.
/// </summary>
public static class KnownDatabase
{
    /// <summary>Condition of the tick: in any other database nothing goes out.</summary>
    public const string IsThis = "exists (select from known_database where identity = database_identity())";

    private const string Alive = """
        update known_database set alive_at = greatest(alive_at, @now), is_stopped = false where identity = database_identity()
        """;

    private const string Stopped = "update known_database set is_stopped = true";

    private const string Silent = "select exists (select from known_database where not is_stopped and alive_at < @before)";

    private const string Lock = "select identity = database_identity(), lost_from, alive_at from known_database for update";

    private const string LastTrace = "select max(updated_at) from campaign";

    private const string Accept = """
        update known_database set identity = database_identity(), alive_at = @now, is_stopped = false, lost_from = null
        """;

    private const string Doubt = "update known_database set identity = '', lost_from = @from";

    /// <summary>Says that a node works with it; false: it is another one.</summary>
    public static async Task<bool> Beat(ISession session, CancellationToken ct) => await session.Sql(Alive, ct, ("now", session.Now)) > 0;

    /// <summary>The last node left in good order: silence from here on means nothing.</summary>
    public static Task SignOff(ISession session, CancellationToken ct) => session.Sql(Stopped, ct);

    /// <summary>
    /// Nodes that never left were last seen before this: the machine was down for so long, or this is an old copy of its files, which
    /// nothing else tells apart.
    /// </summary>
    public static async Task<bool> WasSilentSince(ISession session, DateTimeOffset before, CancellationToken ct) =>
        (await session.Query(Silent, row => row.GetBoolean(0), ct, ("before", before)))[0];

    /// <summary>Takes the database over. Answers from when on anything may be lost; null when another node was faster.</summary>
    /// <param name="wasSilent">It is to be taken over though it is the known one.</param>
    public static async Task<DateTimeOffset?> TakeOver(ISession session, DateTimeOffset? wasSilent, CancellationToken ct)
    {
        var (isThis, told, aliveAt) = (await session.Query(
            Lock, row => (row.GetBoolean(0), Time(row, 1), Time(row, 2)), ct))[0];
        if (isThis && !(aliveAt < wasSilent)) return null;

        var lastTrace = (await session.Query(LastTrace, row => Time(row, 0), ct))[0];
        await session.Sql(Accept, ct, ("now", session.Now));
        return told ?? aliveAt ?? lastTrace ?? session.Now;
    }

    /// <summary>A person's word that this is a copy: the next look, of any node, takes it for one.</summary>
    /// <param name="from">Of what time; null: the copy's own last trace.</param>
    public static Task<int> SayRestored(ISession session, DateTimeOffset? from, CancellationToken ct) => session.Sql(Doubt, ct, ("from", from));

    private static DateTimeOffset? Time(System.Data.Common.DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
