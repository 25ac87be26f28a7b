using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>
/// Reads the log for views, page by page, up to a safe position. Views that
/// stand at the same place share a page, and do not parse it again.
/// </summary>
internal sealed class EventPages(EventRegistry registry) : IDisposable
{
    private const int Kept = 2;

    private const string ReadPage = $"""
        select {EventRow.Columns}
        from mt_events e
        where e.seq_id > @after and e.seq_id <= @until
        order by e.seq_id
        limit @most
        """;

    private const string StreamTypes = """
        select s.tenant_id, s.id, s.type
        from mt_streams s
        join unnest(@tenants::varchar[], @ids::uuid[]) as k (tenant_id, id) on s.tenant_id = k.tenant_id and s.id = k.id
        """;

    private readonly SemaphoreSlim one = new(1);
    private readonly LinkedList<(long After, int Most, EventPage Page)> pages = [];

    /// <summary>
    /// What is safe never changes: it is read over whichever connection comes first, and who comes meanwhile waits for it. The page may end
    /// before <paramref name="until"/>, where another view's page does.
    /// </summary>
    public async Task<EventPage> Shared(NpgsqlConnection connection, long after, long until, int most, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            foreach (var known in pages)
            {
                if (known.Most == most && known.After <= after && after < known.Page.Until) return known.Page.Behind(after);
            }

            var page = await Read(connection, after, until, most, ct);
            if (pages.Count >= Kept) pages.RemoveLast();
            pages.AddFirst((after, most, page));
            return page;
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    /// <summary>What is visible over the connection now.</summary>
    public async Task<EventPage> Read(NpgsqlConnection connection, long after, long until, int most, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(ReadPage, connection);
        Arguments.Add(command.Parameters, [("after", after), ("until", until), ("most", most)]);
        var rows = new List<EventRow>();
        await using (var reader = await command.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct)) rows.Add(EventRow.Read(reader));
        }

        var types = await Types(connection, rows.Where(NeedsStreamType).ToList(), ct);
        var entries = rows.Where(row => IsOurs(row, types)).Select(Entry).ToList();
        return new EventPage(entries, rows.Count < most ? until : rows[^1].Seq);
    }

    private EventEntry Entry(EventRow row)
    {
        try
        {
            return new EventEntry(row.Seq, row.Tenant, registry.Named(row.Type)?.Type.ClrType, row.Recorded(registry), Error: null);
        }
        catch (UnreadableEventException failure)
        {
            return new EventEntry(row.Seq, row.Tenant, registry.Named(row.Type)?.Type.ClrType, Recorded: null, failure.Message);
        }
    }

    // Our own writer leaves its mark in mt_dotnet_type; only for events without it the stream has to say whose they are.
    private bool NeedsStreamType(EventRow row) =>
        registry.Named(row.Type) is not { } type || EventJson.DotnetType(type.Type.ClrType) != row.DotnetType;

    private bool IsOurs(EventRow row, Dictionary<(string, Guid), string?> types)
    {
        if (!NeedsStreamType(row)) return true;

        var streamType = types.GetValueOrDefault((row.Tenant, row.StreamId));
        return registry.HasStreamType(streamType) || (streamType is null && registry.Named(row.Type) is not null);
    }

    private static async Task<Dictionary<(string, Guid), string?>> Types(NpgsqlConnection connection, List<EventRow> rows, CancellationToken ct)
    {
        var types = new Dictionary<(string, Guid), string?>();
        if (rows.Count == 0) return types;

        var streams = rows.Select(row => (row.Tenant, row.StreamId)).Distinct().ToList();
        await using var command = new NpgsqlCommand(StreamTypes, connection);
        command.Parameters.Add(EventWriter.Texts("tenants", streams.Select(stream => stream.Tenant)));
        command.Parameters.Add(EventWriter.Ids("ids", streams.Select(stream => stream.StreamId)));
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            types[(reader.GetString(0), reader.GetGuid(1))] = reader.IsDBNull(2) ? null : reader.GetString(2);
        return types;
    }
}

/// <param name="Until">Everything up to here is in this page or of no concern.</param>
internal sealed record EventPage(IReadOnlyList<EventEntry> Entries, long Until)
{
    public EventPage Behind(long after) =>
        Entries.Count == 0 || Entries[0].Seq > after ? this : this with { Entries = [.. Entries.SkipWhile(entry => entry.Seq <= after)] };
}

/// <param name="Type">Null: a type that this version does not know.</param>
/// <param name="Error">Why an event of ours cannot be read.</param>
internal sealed record EventEntry(long Seq, string Tenant, Type? Type, RecordedEvent? Recorded, string? Error);
