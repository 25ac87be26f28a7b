using MassMessaging.Clients;
using MassMessaging.Clients.Timeline;
using MassMessaging.Kernel;

namespace MassMessaging.Assistant.Prompts;

/// <summary>Reads what the model may know of a client: the newest notes, messages and replies.</summary>
public sealed class ClientFactsReader(IStore store, IEnumerable<ITimelineSource> sources)
{
    /// <summary>Null: no client of this profile.</summary>
    public async Task<ClientFacts?> Of(Guid profile, Guid id, CancellationToken ct)
    {
        if (await Client.Find(store, profile, id, ct) is not { } client) return null;

        var rows = new List<TimelineRow>();
        foreach (var source in sources) rows.AddRange(await source.Rows(profile, id, before: null, ClientFacts.MostRows * 4, ct));
        var telling = rows.Where(row => row.Kind is TimelineKind.Note or TimelineKind.Message or TimelineKind.Reply);
        return ClientFacts.Of(client, telling.OrderByDescending(row => row.Id).Take(ClientFacts.MostRows));
    }
}
