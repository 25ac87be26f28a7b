using System.Net;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Campaigns;

/// <summary>A dry run over HTTP; what the estimate is made of is told in <see cref="SendEstimateSpecs"/>.</summary>
public sealed class PreviewSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task A_dry_run_writes_nothing()
    {
        var advisor = await Advisor.Of(app);
        await advisor.HasClient("Ana");
        var draft = await advisor.HasDraft(new { all = true });
        var before = await Rows();

        (await advisor.Post($"/api/campaigns/{draft}/preview")).Is(HttpStatusCode.OK);

        Assert.Equal(before, await Rows());
    }

    [Fact]
    public async Task Each_variant_is_shown_and_who_was_written_to_before_reads_no_identification()
    {
        var advisor = await Advisor.Of(app);
        await advisor.Put("/api/profile", new { displayName = "Carla" });
        var (ana, beto) = (await advisor.HasClient("Ana"), await advisor.HasClient("Beto"));
        await app.Database.Execute($"""
            insert into client_identified (profile_id, client_id, claimed_at) select profile_id, id, created_at from client where id = '{beto}'
            """);
        var variants = new[] { new { name = "Corta", messageContent = "Hola {nombre_cliente}", share = 50 }, new { name = "Larga", messageContent = "Buen día {nombre_cliente}", share = 50 } };
        var draft = await advisor.Post("/api/campaigns", new { name = "A/B", objective = "ventas", variants, audience = new { all = true } });

        var preview = await advisor.Post($"/api/campaigns/{draft.Id}/preview");

        Assert.Equal(
            [(ana, "Hola Ana\n— Carla", "Corta"), (beto, "Buen día Beto", "Larga")],
            preview["samples"].EnumerateArray().Select(sample => (
                sample.GetProperty("clientId").GetGuid(), sample.GetProperty("text").GetString()!, sample.GetProperty("variant").GetString()!)));
    }

    [Fact]
    public async Task Warnings_are_about_every_text_that_somebody_may_read()
    {
        var advisor = await Advisor.Of(app);
        await advisor.Put("/api/profile", new { identification = new { text = "{nombre_asesor}: ingresos garantizados" } });
        var variants = new[] { new { name = "Sana", messageContent = "Cura todo", share = 50 }, new { name = "Rica", messageContent = "Hola", share = 50 } };
        var draft = await advisor.Post("/api/campaigns", new { name = "A/B", objective = "ventas", variants });

        var row = await advisor.Get($"/api/campaigns/{draft.Id}");
        var preview = await advisor.Post($"/api/campaigns/{draft.Id}/preview");

        Assert.Equal(
            [("health-claim", "variant:Sana"), ("income-claim", "identification")],
            row["warnings"].EnumerateArray().Select(warning => (warning.GetProperty("code").GetString()!, warning.GetProperty("source").GetString()!)));
        Assert.Equal(row["warnings"].ToString(), preview["warnings"].ToString());
    }

    [Fact]
    public async Task What_waits_in_the_lane_what_holds_it_and_its_caps_move_the_estimate()
    {
        var advisor = await Advisor.Of(app);
        for (var client = 0; client < 10; client++) await advisor.HasClient($"Cliente {client}");
        await advisor.Put("/api/whatsapp/pacing", new { messages = 60, perSeconds = 60, jitter = 0 });
        var running = await advisor.HasDraft(new { all = true });
        var draft = await advisor.HasDraft(new { all = true });

        var alone = await Minutes(advisor, draft);
        (await advisor.Post($"/api/campaigns/{running}/send")).Is(HttpStatusCode.Accepted);
        await app.Services.GetRequiredService<KernelDrain>().Drain(CancellationToken.None); // planned, and not sent
        var together = await Minutes(advisor, draft);
        await app.Database.Execute($"""
            update lane set held_by = 'instance-down', held_until = next_at + interval '1 hour'
            where profile_id = (select profile_id from campaign where id = '{draft}')
            """);
        var held = await Minutes(advisor, draft);
        await advisor.Put("/api/whatsapp/pacing", new { dailyCap = 3 });
        var capped = await Minutes(advisor, draft);

        Assert.Equal(9 * 62 / 3600.0, alone.Length, 0.01);
        Assert.Equal(19 * 62 / 3600.0, together.Length, 0.01);
        Assert.InRange((held.First - together.First).TotalMinutes, 58, 62);
        Assert.InRange(capped.Length, 5 * 1440.0, 7 * 1440.0); // twenty messages, three a day
    }

    [Fact]
    public async Task What_the_lane_granted_today_is_taken_from_todays_cap()
    {
        var advisor = await Advisor.Of(app);
        for (var client = 0; client < 4; client++) await advisor.HasClient($"Cliente {client}");
        await advisor.Put("/api/whatsapp/pacing", new { messages = 60, perSeconds = 60, jitter = 0, dailyCap = 4 });
        var draft = await advisor.HasDraft(new { all = true });
        var fresh = await Minutes(advisor, draft);
        await app.Database.Execute($"""
            insert into lane (profile_id, next_at, day, granted_today)
            select p.id, now(), (now() at time zone p.time_zone)::date, 2
            from profile p join campaign c on c.profile_id = p.id and c.id = '{draft}'
            on conflict (profile_id) do update set day = excluded.day, granted_today = excluded.granted_today
            """);

        var used = await Minutes(advisor, draft);

        Assert.InRange(fresh.Length, 0, 1);
        Assert.True(used.Length > 1, $"the last two wait for tomorrow: {used.Length} minutes");
    }

    private static async Task<(DateTimeOffset First, double Length)> Minutes(Advisor advisor, Guid campaign)
    {
        var estimate = (await advisor.Post($"/api/campaigns/{campaign}/preview"))["estimate"];
        var first = estimate.GetProperty("firstSendAt").GetDateTimeOffset();
        return (first, (estimate.GetProperty("finishAt").GetDateTimeOffset() - first).TotalMinutes);
    }

    /// <summary>Of every table.</summary>
    private Task<string?> Rows() => app.Database.Value<string>("""
        select string_agg(table_name || ' ' || (xpath('/row/n/text()',
            query_to_xml(format('select count(*) as n from %I.%I', table_schema, table_name), false, true, '')))[1]::text, ', ' order by table_name)
        from information_schema.tables where table_schema = 'mass_messaging' and table_type = 'BASE TABLE' and table_name not in ('node', 'node_clock')
        """);
}
