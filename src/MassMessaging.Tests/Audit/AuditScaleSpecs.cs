using System.Diagnostics;
using System.Globalization;
using MassMessaging.Audit;
using MassMessaging.Kernel;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Audit;

/// <summary>A campaign of many recipients, four events each: how fast the chain follows, and how its history is read.</summary>
public sealed class AuditScaleSpecs(TestCluster cluster, ITestOutputHelper output)
{
    private const int Full = 100_000;

    [Theory, Sizes(small: 500, full: Full)]
    public async Task The_chain_follows_and_the_whole_history_is_one_walk_over_an_index(int members)
    {
        await using var app = await TestApp.Start(cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });
        var advisor = await Advisor.Of(app);
        var (profile, campaign) = ((await advisor.Get("/api/profile")).Id, await advisor.HasDraft());
        await Fill(app, profile, campaign, members);

        var following = Stopwatch.StartNew();
        Assert.NotNull(await app.Services.GetRequiredService<EventChains>().CatchUp<AuditLink>(TimeSpan.FromMinutes(10), default));
        Tell("chained", members, following);
        await app.Database.Execute("analyze mt_events, audit_chain");

        foreach (var path in (string[])["?format=ndjson", "?format=csv", "/proof"])
        {
            var (reading, before) = (Stopwatch.StartNew(), GC.GetTotalMemory(forceFullCollection: true));
            var (lines, most) = await Walk(advisor, $"/api/audit/campaigns/{campaign}{path}", before);
            Tell($"{path}: {most >> 20} MiB of heap more at most, ", members, reading);
            Assert.InRange(lines, 4 * members, (4 * members) + 10 + (4 * members / 1_000));
        }

        var plan = await Plan(app, profile, campaign);
        output.WriteLine(plan);
        if (members == Full) Assert.DoesNotContain("Seq Scan", plan, StringComparison.Ordinal);
    }

    private void Tell(string what, int members, Stopwatch watch) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{what} {4 * members} events in {watch.Elapsed.TotalSeconds:0.0} s: {4 * members / watch.Elapsed.TotalSeconds:0} a second"));

    private static async Task<(int Lines, long MostBytes)> Walk(Advisor advisor, string path, long before)
    {
        using var answer = await advisor.Http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var (lines, most) = (0, 0L);
        while (await reader.ReadLineAsync() is not null)
        {
            if (++lines % 10_000 == 0) most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false) - before);
        }

        return (lines, most);
    }

    private static async Task<string> Plan(TestApp app, Guid profile, Guid campaign) => await app.Database.Plan($"""
        select c.seq, e.data::text
        from (
            select * from audit_chain
            where profile_id = '{profile}' and id = '{campaign}' and seq > 1000 and seq <= 9223372036854775807
            order by seq limit 2000) c
        left join mt_events e on e.seq_id = c.seq
        order by c.seq
        """);

    private static Task Fill(TestApp app, Guid profile, Guid campaign, int members) => app.Database.Execute($$"""
        create function pg_temp.member(n int) returns uuid language sql immutable
            as $f$ select ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $f$;
        insert into mt_streams (tenant_id, id, type, version) select '{{profile}}', pg_temp.member(n), 'audience_member', 4 from generate_series(1, {{members}}) n;
        insert into mt_events (seq_id, id, stream_id, version, data, type, tenant_id, mt_dotnet_type, correlation_id, user_name)
        select nextval('mt_events_sequence'), gen_random_uuid(), pg_temp.member(n), v.version, v.data || '{"campaignId": "{{campaign}}"}', v.type,
            '{{profile}}', 'MassMessaging.Campaigns.' || v.name || ', MassMessaging', 'a request', 'system'
        from generate_series(1, {{members}}) n
        cross join lateral (values
            (1, 'message_queued', 'MessageQueued', '{"clientId": "00000000-0000-7000-8000-000000000001"}'::jsonb),
            (2, 'message_attempted', 'MessageAttempted', '{"messageId": "00000000-0000-7000-8000-000000000002", "slotAt": "2026-03-02T12:00:00+00:00"}'),
            (3, 'message_sent', 'MessageSent', '{"clientId": "00000000-0000-7000-8000-000000000001", "sentAt": "2026-03-02T12:00:00+00:00", "was": "sending"}'),
            (4, 'message_delivered', 'MessageDelivered', '{"deliveredAt": "2026-03-02T12:00:00+00:00", "was": "sent"}')) v (version, type, name, data)
        order by n, v.version;
        """);
}

internal static class Plans
{
    public static async Task<string> Plan(this TestDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand($"explain {sql}");
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        return string.Join('\n', lines);
    }
}
