using System.Net;
using System.Text.Json;
using MassMessaging.Kernel;
using MassMessaging.Tests.Campaigns;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Audit;

/// <summary>A log that somebody with the database's own rights has had his hands on.</summary>
[Collection(nameof(AuditRun))]
public sealed class TamperedLogSpecs(AuditRun run)
{
    [Fact]
    public async Task An_event_changed_in_the_database_is_named_by_old_exports_by_kept_checkpoints_and_by_new_exports()
    {
        var (campaign, lines) = await Sent();
        var seq = Seq(lines[4]);

        await run.App.Database.Execute($$"""update mt_events set data = data || '{"reason":"x"}' where seq_id = {{seq}}""");

        Bad(await run.Verify(lines), seq, "log-changed");
        Bad(await run.Verify([lines[^1]]), seq, "log-changed");
        Bad(await run.Verify(await run.Proof(campaign)), seq, "changed");
    }

    [Fact]
    public async Task An_event_removed_from_the_database_is_named()
    {
        var (campaign, lines) = await Sent();
        var seq = Seq(lines[4]);

        await run.App.Database.Execute($"delete from mt_events where seq_id = {seq}");

        Bad(await run.Verify(lines), seq, "log-removed");
        Bad(await run.Verify([lines[^1]]), seq, "log-removed");
        Bad(await run.Verify(await run.Proof(campaign)), seq, "removed");
    }

    [Fact]
    public async Task An_event_given_to_another_profile_is_named()
    {
        var (_, lines) = await Sent();
        var seq = Seq(lines[4]);

        await run.App.Database.Execute($"""
            insert into mt_streams select '{Guid.NewGuid()}', stream_id, 'stray', 99 from mt_events where seq_id = {seq};
            update mt_events e set tenant_id = s.tenant_id from mt_streams s where s.id = e.stream_id and s.type = 'stray' and e.seq_id = {seq}
            """);

        Bad(await run.Verify(lines), seq, "log-removed");
    }

    [Fact]
    public async Task An_event_slipped_into_the_databases_past_is_named()
    {
        var (campaign, lines) = await Sent();
        var member = JsonElement.Parse(lines.First(line => line.Contains("message_queued", StringComparison.Ordinal)));
        var free = await run.App.Database.Value<long>("select nextval('mt_events_sequence')");
        await run.Advisor.HasDraft();
        await run.App.Drain(); // the view passes the number, as it does with one that was rolled back
        await run.App.Database.Execute(
            $"insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type) "
            + $"select {free}, gen_random_uuid(), stream_id, 99, data, type, timestamp, tenant_id, mt_dotnet_type "
            + $"from mt_events where seq_id = {member.GetProperty("seq").GetInt64()}");
        var later = (await run.Advisor.Post($"/api/campaigns/{campaign}/clone")).Id;

        Assert.NotEqual(Guid.Empty, later);
        Assert.True((await run.Verify(lines))["valid"].GetBoolean(), "what was exported lies before it");
        var strays = await run.App.Services.Strays(campaign, (await run.Advisor.Get("/api/profile")).Id);
        Assert.Equal([free], strays);
    }

    [Fact]
    public async Task An_event_that_an_operator_let_the_chain_pass_over_is_named_with_who_did_it_and_why()
    {
        var (campaign, lines) = await Sent();
        var seq = Seq(lines[4]);
        await run.App.Services.GetRequiredService<Views>().Skip("audit-chain", seq, "unreadable", "user:7", default);
        await run.App.Rebuild("audit-chain");

        var proof = await run.Proof(campaign);

        var skip = JsonElement.Parse(proof.Single(line => line.Contains("\"skipped\"", StringComparison.Ordinal)));
        Assert.Equal((seq, "unreadable", "user:7"), (
            skip.GetProperty("seq").GetInt64(), skip.GetProperty("note").GetString(), skip.GetProperty("skippedBy").GetString()));
        Bad(await run.Verify(proof), seq, "skipped");
        Bad(await run.Verify(proof.Where(line => !line.Contains("\"skipped\"", StringComparison.Ordinal))), seq, "skipped");
        Bad(await run.Verify(lines), seq, "skipped");
        var forged = proof.Select(line => line.Contains("\"skipped\"", StringComparison.Ordinal) ? line.Replace($"\"seq\":{seq}", "\"seq\":1", StringComparison.Ordinal) : line);
        Bad(await run.Verify(forged), 1, "inserted");
    }

    [Fact]
    public async Task Whoever_changes_the_event_and_the_kept_chain_is_caught_by_an_exported_checkpoint_alone()
    {
        var (campaign, lines) = await Sent();
        var checkpoint = JsonElement.Parse(lines[^1]);

        await run.App.Database.Execute(
            $$"""
            update mt_events set data = data || '{"reason":"x"}' where seq_id = {{Seq(lines[4])}};
            delete from audit_chain where id = '{{campaign}}';
            """);
        await run.App.Rebuild("audit-chain");

        Assert.True((await run.Verify(await run.Proof(campaign)))["valid"].GetBoolean(), "an unexported chain proves nothing against the administrator");
        Bad(await run.Verify([lines[^1]]), checkpoint.GetProperty("seq").GetInt64(), "checkpoint-wrong");
        Bad(await run.Verify(lines), Seq(lines[4]), "log-changed");
    }

    [Fact]
    public async Task A_checkpoint_holds_when_the_campaign_goes_on()
    {
        var draft = await run.Advisor.HasDraft();
        var checkpoint = (await run.Proof(draft))[^1];

        (await run.Advisor.Put($"/api/campaigns/{draft}", new { name = "Otra" })).Is(HttpStatusCode.OK);

        Assert.True((await run.Verify([checkpoint]))["valid"].GetBoolean());
    }

    [Fact]
    public async Task A_rebuild_gives_the_same_chain()
    {
        var all = $"select string_agg(c::text, E'\\n' order by c::text) from audit_chain c where id = '{run.Campaign}'";
        await run.App.Drain();
        var before = await run.App.Database.Value<string>(all);

        await run.App.Rebuild("audit-chain");

        Assert.Equal(before, await run.App.Database.Value<string>(all));
    }

    private async Task<(Guid Campaign, IReadOnlyList<string> Proof)> Sent()
    {
        var campaign = await run.Sent();
        return (campaign, await run.Proof(campaign));
    }

    private static void Bad(Answer verdict, long seq, string problem)
    {
        verdict.Is(HttpStatusCode.OK);
        Assert.Equal((false, seq, problem), (
            verdict["valid"].GetBoolean(), verdict["firstBad"].GetProperty("seq").GetInt64(), verdict["firstBad"].GetProperty("problem").GetString()));
    }

    private static long Seq(string line) => JsonElement.Parse(line).GetProperty("seq").GetInt64();
}
