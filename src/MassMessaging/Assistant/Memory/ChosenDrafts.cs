using MassMessaging.Kernel;
using MassMessaging.Templates;

namespace MassMessaging.Assistant.Memory;

/// <summary>Which proposals were taken, and how far they were edited first. How they fared is in the campaign's counters.</summary>
public sealed class ChosenDrafts(IStore store) : IProposedTexts
{
    private const string Find = "select 1 from assistant_variation where profile_id = @profile and id = @id";

    private const string TextOf = "select text from assistant_variation where profile_id = @profile and id = @id and text is not null";

    private const string Insert = """
        insert into assistant_choice (profile_id, variation_id, target, target_id, chosen_at, edit_distance, length)
        values (@profile, @id, @target, @targetId, @now, @distance, @length)
        on conflict (profile_id, variation_id, target_id) do nothing
        """;

    private const string Before = """
        select v.id, v.text from assistant_choice c
        join assistant_variation v on v.profile_id = c.profile_id and v.id = c.variation_id
        where c.profile_id = @profile and c.target_id = @targetId and v.text is not null
        """;

    private const string Update = """
        update assistant_choice set edit_distance = @distance, length = @length
        where profile_id = @profile and variation_id = @id and target_id = @targetId
        """;

    public async Task<bool> Knows(Guid profile, Guid proposal, CancellationToken ct) =>
        (await store.Query(Find, _ => true, ct, ("profile", profile), ("id", proposal))).Count > 0;

    public async Task Chosen(ISession session, Guid profile, Guid proposal, string target, Guid targetId, string text, CancellationToken ct)
    {
        var proposed = await session.Query(TextOf, row => row.GetString(0), ct, ("profile", profile), ("id", proposal));
        if (proposed is not [var before]) return; // erased: nothing to compare with

        await session.Sql(
            Insert, ct, ("profile", profile), ("id", proposal), ("target", target), ("targetId", targetId), ("now", session.Now),
            ("distance", EditDistance.Between(before, text)), ("length", Math.Max(before.Length, text.Length)));
    }

    public async Task Edited(ISession session, Guid profile, Guid targetId, string text, CancellationToken ct)
    {
        var proposals = await session.Query(
            Before, row => (Id: row.GetGuid(0), Text: row.GetString(1)), ct, ("profile", profile), ("targetId", targetId));
        foreach (var (id, before) in proposals) // one, but for who names two
        {
            await session.Sql(
                Update, ct, ("profile", profile), ("id", id), ("targetId", targetId), ("distance", EditDistance.Between(before, text)),
                ("length", Math.Max(before.Length, text.Length)));
        }
    }
}

/// <summary>Levenshtein's: how many characters were put in, taken out or replaced.</summary>
public static class EditDistance
{
    public static int Between(string before, string after)
    {
        var (row, width) = (Enumerable.Range(0, after.Length + 1).ToArray(), after.Length);
        for (var i = 1; i <= before.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= width; j++)
            {
                var replaced = diagonal + (before[i - 1] == after[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[width];
    }
}
