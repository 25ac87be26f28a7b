using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Clients;

public sealed record ClientNote(Guid Id, Guid ClientId, Guid ProfileId, string Note, DateTimeOffset CreatedAt);

public sealed record AddNote(string Note);

public static class ClientNotesEndpoint
{
    public const int LongestNote = 4000;

    private const string List = """
        select id, client_id, profile_id, note, created_at
        from client_note
        where profile_id = @profile and client_id = @client and (@after::uuid is null or id < @after)
        order by id desc
        limit @limit
        """;

    private const string Count = "select count(*) from client_note where profile_id = @profile and client_id = @client";

    private const string Insert = """
        insert into client_note (profile_id, id, client_id, note, created_at)
        select profile_id, @id, id, @note, @now
        from client
        where profile_id = @profile and id = @client
        for key share
        returning id, client_id, profile_id, note, created_at
        """;

    public static void Map(IEndpointRouteBuilder clients)
    {
        clients.MapGet("/{id:guid}/notes", Get).Documented("listNotes", "The notes on a client, newest first.").Produces<ClientNote[]>();
        clients.MapPost("/{id:guid}/notes", Post)
            .Documented("addNote", "Adds a note on a client.").Takes<AddNote>().Produces<ClientNote>(StatusCodes.Status201Created);

        static async Task<IResult> Get(Guid id, Page page, Caller caller, IStore store, HttpContext context)
        {
            var ct = context.RequestAborted;
            if (await Client.Find(store, caller.ProfileId, id, ct) is null) return Problems.NotFound();

            (string, object?)[] scope = [("profile", caller.ProfileId), ("client", id)];
            var notes = await store.Query(List, Read, ct, [.. scope, ("after", page.After), ("limit", page.Limit + 1)]);
            var total = await page.Total(store, Count, ct, scope);
            return page.List(context, notes, note => note.Id, total);
        }

        static async Task<IResult> Post(Guid id, Fields body, Caller caller, IStore store, CancellationToken ct)
        {
            var text = body.Text("note", LongestNote, required: true)?.Trim();
            if (body.AreWrong) return body.Problem();

            await using var session = store.Open(caller.Origin);
            var added = await session.Query(
                Insert, Read, ct, ("profile", caller.ProfileId), ("client", id), ("id", Guid.CreateVersion7(session.Now)), ("note", text),
                ("now", session.Now));
            if (added.Count == 0) return Problems.NotFound();

            await session.Commit(ct);
            return TypedResults.Created($"/api/clients/{id}/notes", added[0]);
        }
    }

    private static ClientNote Read(System.Data.Common.DbDataReader row) =>
        new(row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4));
}
