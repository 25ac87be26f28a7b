using System.Text.Json;
using MassMessaging.Tests.Crash;
using MassMessaging.Tests.Harness;
using MassMessaging.Tests.Kernel;
using MassMessaging.Tests.Operations;

namespace MassMessaging.Tests.Chaos;

/// <summary>What the database holds when every node has gone: counters are a fold of the log, and views are what a rebuild makes of it.</summary>
internal static class StateProof
{
    private const string Counters = """
        select jsonb_object_agg(c.id::text, jsonb_build_object(
            'pendingCount', c.pending, 'sentCount', c.sent, 'deliveredCount', c.delivered, 'readCount', c.read, 'failedCount', c.failed,
            'skippedCount', c.skipped, 'inDoubtCount', c.in_doubt))::text
        from campaign_counters c
        """;

    private const string Members = """
        select jsonb_object_agg(id, counts)::text from (
            select campaign_id::text as id, jsonb_build_object(
                'sentCount', count(*) filter (where status in ('sent', 'delivered', 'read')), 'failedCount', count(*) filter (where status = 'failed'),
                'skippedCount', count(*) filter (where status = 'skipped'), 'inDoubtCount', count(*) filter (where status = 'in_doubt'),
                'pendingCount', count(*) filter (where status in ('pending', 'sending'))) as counts
            from campaign_audience group by 1) members
        """;

    private const string Left = """
        select string_agg(m.type || ' attempt ' || m.attempt || ' ' || coalesce(m.error, ''), '; ') from message m
        """;

    public static async Task<IReadOnlyList<string>> Of(Cluster run)
    {
        await using var host = await KernelHost.Start(run.Database, declare: Features.Declare);
        await host.Views.CatchUp(default);
        var broken = new List<string>();
        if (await run.Database.Value<string>(Left) is { } left) broken.Add($"messages are left: {left}");

        var (shown, fold) = (Counts(await run.Database.Value<string>(Counters)), await Fold(run.Database));
        foreach (var (campaign, sums) in fold) broken.AddRange(Different($"{campaign} log", sums, shown[campaign]));
        foreach (var (campaign, sums) in Counts(await run.Database.Value<string>(Members))) broken.AddRange(Different($"{campaign} members", sums, shown[campaign]));

        var (names, tables) = (await ViewRows.Names(host.Views), await ViewRows.Tables(host.Views));
        foreach (var (name, table) in names.Zip(tables))
        {
            var live = await ViewRows.Of(run.Database, [table]);
            await host.Rebuild.Run([name], null, default);
            if (live != await ViewRows.Of(run.Database, [table])) broken.Add($"a rebuild of {name} gives other rows");
        }

        return broken;
    }

    private static IEnumerable<string> Different(string whose, Dictionary<string, long> sums, Dictionary<string, long> shown) =>
        sums.Where(sum => shown[sum.Key] != sum.Value).Select(sum => $"{whose}: {sum.Key} is {shown[sum.Key]} and adds up to {sum.Value}");

    private static Dictionary<string, Dictionary<string, long>> Counts(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, long>>>(json)!;

    private static async Task<Dictionary<string, Dictionary<string, long>>> Fold(TestDatabase database)
    {
        await using var command = database.DataSource.CreateCommand("select data->>'campaignId', type, data::text from mt_events where type like 'message_%' order by seq_id");
        await using var reader = await command.ExecuteReaderAsync();
        var campaigns = new Dictionary<string, Dictionary<string, long>>();
        while (await reader.ReadAsync())
        {
            if (!campaigns.TryGetValue(reader.GetString(0), out var sums)) campaigns[reader.GetString(0)] = sums = [];
            CounterFold.Add(sums, reader.GetString(1), JsonElement.Parse(reader.GetString(2)));
        }

        return campaigns;
    }
}
