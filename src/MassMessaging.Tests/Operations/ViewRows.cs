using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Operations;

/// <summary>All rows of all views as text, to the byte.</summary>
internal static class ViewRows
{
    public static async Task<string> Of(TestDatabase database, IEnumerable<string> tables)
    {
        var rows = new List<string>();
        foreach (var table in tables.Order(StringComparer.Ordinal))
            rows.Add($"{table}\n{await database.Value<string>($"select string_agg(t::text, E'\\n' order by t::text) from {table} t")}");
        return string.Join("\n\n", rows);
    }

    public static async Task<IReadOnlyList<string>> Tables(Views views) => [.. (await views.Status(default)).Select(view => view.Table)];

    public static async Task<IReadOnlyList<string>> Names(Views views) => [.. (await views.Status(default)).Select(view => view.Name)];
}
