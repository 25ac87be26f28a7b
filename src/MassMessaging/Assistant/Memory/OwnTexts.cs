using System.Globalization;
using System.Text;
using MassMessaging.Assistant.Checks;
using MassMessaging.Assistant.Writing;
using MassMessaging.Kernel;

namespace MassMessaging.Assistant.Memory;

/// <summary>
/// The profile's own texts for an objective, where the model is too slow: templates, and what the assistant wrote before. Objectives are
/// free text, so they are compared by their words; every text passes the same checks as a new one.
/// </summary>
public sealed class OwnTexts(IStore store)
{
    private const double Alike = 0.5;
    private const int ShortestWord = 3;

    // Templates first, the most used before others; then what was proposed last.
    private const string Select = """
        select name, objective, content from (
            select 0 as rank, name, objective, content, usage_count as used, coalesce(last_used_at, created_at) as at
            from campaign_template where profile_id = @profile
            union all
            select 1, null, objective, text, 0, created_at
            from assistant_variation
            where profile_id = @profile and text is not null and client_id is null and kind in ('generate', 'suggest')) as text
        where objective is not null
        order by rank, used desc, at desc
        limit 1000
        """;

    /// <summary>The best first, as many as were asked for; none where the commission has no objective of its own.</summary>
    public async Task<IReadOnlyList<Draft>> Best(Commission commission, CancellationToken ct)
    {
        if (commission.Objective is not { } objective || commission.Kind is not ("generate" or "suggest")) return [];

        var texts = await store.Query(
            Select, row => (Name: row.IsDBNull(0) ? null : row.GetString(0), Objective: row.GetString(1), Text: row.GetString(2)), ct,
            ("profile", commission.Profile.Id));
        return
        [
            .. texts.Select(text => (text, Likeness: Likeness(objective, text.Objective)))
                .Where(found => found.Likeness >= Alike)
                .OrderByDescending(found => found.Likeness)
                .Select(found => found.text)
                .DistinctBy(text => text.Text)
                .Where(text => DraftChecks.Of(text.Text, commission.Rules with { Given = $"{commission.Given}\n{text.Text}" }).Count == 0)
                .Take(commission.Inputs.Count)
                .Select(text => new Draft(text.Text, text.Name, text.Objective, [])),
        ];
    }

    /// <summary>From 0 to 1: of the words of both, how many they share.</summary>
    internal static double Likeness(string one, string other)
    {
        var (left, right) = (Words(one), Words(other));
        if (left.Count == 0 || right.Count == 0) return string.Equals(one.Trim(), other.Trim(), StringComparison.OrdinalIgnoreCase) ? 1 : 0;

        return left.Intersect(right).Count() / (double)left.Union(right).Count();
    }

    private static HashSet<string> Words(string text)
    {
        var plain = string.Concat(text.Normalize(NormalizationForm.FormD)
            .Where(sign => CharUnicodeInfo.GetUnicodeCategory(sign) != UnicodeCategory.NonSpacingMark)).ToLowerInvariant();
        return [.. plain.Split([.. plain.Where(sign => !char.IsLetterOrDigit(sign)).Distinct()], StringSplitOptions.RemoveEmptyEntries)
            .Where(word => word.Length >= ShortestWord)];
    }
}
