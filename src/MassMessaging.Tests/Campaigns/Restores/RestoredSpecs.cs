using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns.Restores;

/// <summary>What a restored database holds, asks and lets go.</summary>
public sealed class RestoredSpecs(TestCluster cluster) : RestoredRun(cluster)
{
    [Fact]
    public async Task What_was_sending_is_paused_and_who_was_written_to_since_is_not_written_to_again()
    {
        var campaign = await Launched();
        await LostSend("Ana");
        await Restored();

        Assert.True(await Hold());
        Assert.False(await Hold());
        await Drain();
        Assert.Equal(("paused", "restored"), await Status(campaign));
        Assert.Equal(1, await Check());
        await Settle();
        Assert.Equal((1, 2), await Counts(campaign));

        await Advisor.Post($"{campaign}/resume");
        await Settle();

        Assert.Equal("sent", (await Advisor.Get(campaign))["status"].GetString());
        Assert.Equal(["Hola Ana", "Hola Beto", "Hola Caro"], App.Simulator.Ledger.Entries.Select(entry => entry.Text).Order());
        Assert.Equal(3, (await Advisor.Get(campaign))["readCount"].GetInt32()); // receipts of what was lost found it, too
        await Launched(); // one made since goes as any other
        await Drain();
        Assert.Equal(6, App.Simulator.Ledger.Entries.Count);
        var told = (await Advisor.Get("/api/notifications")).Body.EnumerateArray().Select(one => one.GetProperty("text").GetString()!);
        Assert.Contains(told, text => text.Contains("se restauró", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_goes_before_the_gateway_was_asked_even_if_a_person_resumes()
    {
        var campaign = await Launched();
        await LostSend("Ana");
        await Restored();
        await Hold();
        await Advisor.Post($"{campaign}/resume");
        await App.Database.Execute("update whatsapp_config set instance = 'nobody-' || instance"); // the gateway answers 404

        Assert.Equal(0, await Check());
        await App.Database.Execute("update whatsapp_config set instance = substr(instance, 8)");
        await Drain();

        Assert.Single(App.Simulator.Ledger.Entries);
        Assert.Equal(("sending", "restored"), await Status(campaign));
        await App.Database.Execute("update campaign_restore set asked_at = '-infinity'");
        Assert.Equal(1, await Check());
        await Settle();
        Assert.Equal(3, App.Simulator.Ledger.Entries.Count);
    }

    [Fact]
    public async Task A_draft_that_was_sent_in_the_lost_time_and_is_sent_again_skips_who_has_it()
    {
        var campaign = $"/api/campaigns/{await Advisor.HasDraft(new { all = true })}";
        await LostSend("Ana");
        await Restored();
        await Hold();

        await Advisor.Post($"{campaign}/send");
        await Drain();
        Assert.Single(App.Simulator.Ledger.Entries);
        await Check();
        await Settle();

        Assert.Equal(["Hola Ana", "Hola Beto", "Hola Caro"], App.Simulator.Ledger.Entries.Select(entry => entry.Text).Order());
        Assert.Equal((3, 0), await Counts(campaign));
    }

    [Fact]
    public async Task A_scheduled_start_waits_for_a_person_too()
    {
        var campaign = $"/api/campaigns/{await Advisor.HasDraft(new { all = true })}";
        await Advisor.Post($"{campaign}/schedule", new { scheduledAt = TimeProvider.System.GetUtcNow().AddDays(2) });
        await Restored();

        await Hold();

        Assert.Equal(("paused", "restored"), await Status(campaign));
    }

    [Fact]
    public async Task At_Meta_nobody_can_be_asked_so_whoever_waited_is_in_doubt()
    {
        var campaign = await Launched();
        await App.Database.Execute("update whatsapp_config set instance = 'cloud:15550001'");
        await Restored();
        await Hold();

        Assert.Equal(1, await Check());
        await App.Drain();

        Assert.Equal(3, (await Advisor.Get(campaign))["inDoubtCount"].GetInt32());
        await Advisor.Post($"{campaign}/resume");
        await Drain();
        Assert.Empty(App.Simulator.Ledger.Entries);
        var member = (await Advisor.Get($"{campaign}/audience")).Body[0];
        Assert.Equal("restored", member.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_person_who_opted_out_before_the_copy_is_not_told_so_again()
    {
        await App.Database.Execute(
            "insert into consent_word (profile_id, instance, gateway_id, client_id, language, at, confirmation) "
            + "select c.profile_id, w.instance, 'X1', c.id, 'es', now(), 'waiting' from client c join whatsapp_config w using (profile_id) limit 1");
        await Restored();

        await Hold();

        Assert.Equal("given_up", await App.Database.Value<string>("select confirmation from consent_word"));
    }
}
