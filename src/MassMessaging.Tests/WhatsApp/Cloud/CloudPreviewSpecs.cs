using System.Net;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.WhatsApp.Cloud;

/// <summary>What a dry run knows of Meta's rules.</summary>
public sealed class CloudPreviewSpecs(TestCluster cluster) : CloudCampaigns(cluster)
{
    [Fact]
    public async Task Who_is_outside_the_window_of_a_campaign_without_a_template_is_counted_as_left_out()
    {
        var campaign = await Draft(null, "Ana", "Beto", "Carla");
        await Wrote("Beto");

        var preview = await Advisor.Post($"{campaign}/preview");

        Assert.Equal(1, preview["included"].GetInt32());
        Assert.Equal("""[{"reason":"window-closed","count":2}]""", preview["excluded"].GetRawText());
        Assert.StartsWith("Hola Beto", Assert.Single(preview["samples"].EnumerateArray()).GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_template_nobody_is()
    {
        var preview = await Advisor.Post($"{await Draft(Saludo, "Ana", "Beto")}/preview");
        Assert.Equal((2, "[]"), (preview["included"].GetInt32(), preview["excluded"].GetRawText()));
    }

    [Fact]
    public async Task A_window_counts_as_it_will_be_at_the_start()
    {
        var campaign = await Draft(null, "Ana");
        await Wrote("Ana");
        Assert.Equal(1, (await Advisor.Post($"{campaign}/preview"))["included"].GetInt32());

        (await Advisor.Post($"{campaign}/schedule", new { scheduledAt = TimeProvider.System.GetUtcNow().AddDays(2) })).Is(HttpStatusCode.OK);

        Assert.Equal(0, (await Advisor.Post($"{campaign}/preview"))["included"].GetInt32());
    }

    [Fact]
    public async Task The_estimate_stays_under_Metas_ceiling_whatever_the_pacing()
    {
        (await Advisor.Put("/api/whatsapp/pacing", new { messages = 10_000, perSeconds = 1, jitter = 0 })).Is(HttpStatusCode.OK);
        var estimate = (await Advisor.Post($"{await Draft(Saludo, "Ana")}/preview"))["estimate"];
        Assert.InRange(estimate.GetProperty("perMinute").GetDouble(), 4_000, 80 * 60);
    }

    [Fact]
    public async Task The_estimate_waits_for_those_whom_the_pair_limit_holds()
    {
        var campaign = await Draft(Saludo, "Ana", "Beto");
        await App.Database.Execute("""
            insert into whatsapp_pair (profile_id, instance, phone, held_until, holds, touched_at)
            select c.profile_id, w.instance, c.phone, date_trunc('second', now()) + interval '1 hour', 1, now()
            from client c join whatsapp_config w on w.profile_id = c.profile_id where c.name = 'Ana'
            """);
        var until = new DateTimeOffset(await App.Database.Value<DateTime>("select held_until from whatsapp_pair"), TimeSpan.Zero);

        var one = (await Advisor.Post($"{campaign}/preview"))["estimate"];
        await App.Database.Execute("delete from client where name = 'Beto'");
        var all = (await Advisor.Post($"{campaign}/preview"))["estimate"];

        Assert.True(one.GetProperty("firstSendAt").GetDateTimeOffset() < until);
        Assert.Equal(until, one.GetProperty("finishAt").GetDateTimeOffset());
        Assert.Equal((until, until), (all.GetProperty("firstSendAt").GetDateTimeOffset(), all.GetProperty("finishAt").GetDateTimeOffset()));
    }
}
