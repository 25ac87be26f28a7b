using MassMessaging.Http;

namespace MassMessaging.Clients.Import;

/// <summary>Writes rows set by set: five statements for a batch of any size.</summary>
internal sealed class ImportBatch(NewClients clients, ISession session, Guid profile, OnExisting onExisting, ImportTally tally)
{
    private const string Existing = """
        select id, name, phone, email, label from client where profile_id = @profile and phone = any(@phones) order by phone for update
        """;

    private const string Update = """
        update client
        set name = new.name, search_name = new.search_name, email = new.email, label = new.label, updated_at = @now
        from unnest(@ids, @names, @searchNames, @emails, @labels) as new (id, name, search_name, email, label)
        where client.profile_id = @profile and client.id = new.id
        """;

    // Lateral: one index probe for each note. Written as "not exists" it hashes all notes of the profile for every batch.
    private const string AddNotes = """
        insert into client_note (profile_id, id, client_id, note, created_at)
        select @profile, new.id, new.client_id, new.note, @now
        from unnest(@ids, @clients, @notes) as new (id, client_id, note)
        left join lateral (
            select true as is_there
            from client_note
            where client_note.profile_id = @profile and client_note.client_id = new.client_id and client_note.note = new.note
            limit 1) as known on true
        where known.is_there is null
        returning client_id
        """;

    private sealed record Known(Guid Id, string Name, string Phone, string? Email, string Label);

    /// <param name="rows">None is fine: the statement keeps the transaction from timing out over a long stretch of bad rows.</param>
    public async Task Write(IReadOnlyCollection<ImportRow> rows, CancellationToken ct)
    {
        var known = await session.Query(
            Existing,
            row => new Known(
                row.GetGuid(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetString(4)), ct,
            ("profile", profile), ("phones", rows.Select(row => row.Phone).ToArray()));
        var byPhone = known.ToDictionary(client => client.Phone);

        var created = await Create(rows.Where(row => !byPhone.ContainsKey(row.Phone)), ct);
        tally.Created += created.Count;
        await Change([.. rows.Where(row => byPhone.ContainsKey(row.Phone)).Select(row => (byPhone[row.Phone], row))], ct);
        await Note(rows.Where(row => created.ContainsKey(row.Phone)).Select(row => (created[row.Phone], row.Note)), ct);

        // Someone created these clients between our two statements: they exist now.
        var raced = rows.Where(row => !byPhone.ContainsKey(row.Phone) && !created.ContainsKey(row.Phone)).ToList();
        if (raced.Count > 0) await Write(raced, ct);
    }

    private Task<IReadOnlyDictionary<string, Guid>> Create(IEnumerable<ImportRow> rows, CancellationToken ct) => clients.Add(
        session, profile, [.. rows.Select(row => new NewClient(row.Name, row.Phone, row.Email, row.Label ?? ClientLabel.Consumidor))], ct);

    private async Task Change(IReadOnlyList<(Known Client, ImportRow Row)> existing, CancellationToken ct)
    {
        var changed = existing
            .Select(pair => (pair.Client, Merged: Merge(pair.Client, pair.Row)))
            .Where(pair => pair.Merged != pair.Client)
            .Select(pair => pair.Merged)
            .ToList();
        if (changed.Count > 0)
        {
            await session.Sql(
                Update, ct, ("profile", profile), ("now", session.Now), ("ids", changed.Select(client => client.Id).ToArray()),
                ("names", changed.Select(client => client.Name).ToArray()),
                ("searchNames", changed.Select(client => SearchText.Fold(client.Name)).ToArray()),
                ("emails", changed.Select(client => client.Email).ToArray()), ("labels", changed.Select(client => client.Label).ToArray()));
        }

        var noted = onExisting == OnExisting.Skip ? [] : await Note(existing.Select(pair => (pair.Client.Id, pair.Row.Note)), ct);
        var updated = changed.Select(client => client.Id).Union(noted).Count();
        tally.Updated += updated;
        tally.Unchanged += existing.Count - updated;
    }

    private Known Merge(Known client, ImportRow row) => onExisting switch
    {
        OnExisting.Fill => client with { Email = client.Email ?? row.Email },
        OnExisting.Overwrite => client with
        {
            Name = row.Name,
            Email = row.Email ?? client.Email,
            Label = row.Label is { } label ? JsonConventions.NameOf(label) : client.Label,
        },
        _ => client,
    };

    private async Task<List<Guid>> Note(IEnumerable<(Guid Client, string? Text)> notes, CancellationToken ct)
    {
        var given = notes.Where(note => note.Text is not null).ToList();
        return given.Count == 0
            ? []
            : await session.Query(
                AddNotes, row => row.GetGuid(0), ct, ("profile", profile), ("now", session.Now),
                ("ids", given.Select(_ => Guid.CreateVersion7(session.Now)).ToArray()),
                ("clients", given.Select(note => note.Client).ToArray()), ("notes", given.Select(note => note.Text).ToArray()));
    }
}
