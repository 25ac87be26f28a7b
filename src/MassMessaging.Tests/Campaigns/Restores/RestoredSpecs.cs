using System.Net.Http.Json;
using System.Text.Json;
using MassMessaging.Campaigns.Restores;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Campaigns.Restores;

/// <summary>
/// A database that is another one than the service last worked with. What it lost is sent here through the gateway directly, as a service
/// did that nobody remembers.
/// </summary>
public sealed class RestoredSpecs(TestCluster cluster) : IAsyncLifetime
{
    private TestApp app = null!;
    private Advisor advisor = null!;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.Start(cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });
        advisor = await Advisor.Of(app);
        await advisor.Put("/api/profile", new { identification = new { enabled = false } });
        await advisor.Post("/api/whatsapp/connect");
        await app.Settle();
        foreach (var name in (string[])["Ana", "Beto", "Caro"]) await advisor.HasClient(name);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Nothing_goes_out_of_a_database_that_is_not_the_known_one()
    {
        var campaign = await Launched();
        await Restored();

        await Drain();

        Assert.Empty(app.Simulator.Ledger.Entries);
        Assert.Equal("sending", (await advisor.Get(campaign))["status"].GetString());
    }

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

        await advisor.Post($"{campaign}/resume");
        await Settle();

        Assert.Equal("sent", (await advisor.Get(campaign))["status"].GetString());
        Assert.Equal(["Hola Ana", "Hola Beto", "Hola Caro"], app.Simulator.Ledger.Entries.Select(entry => entry.Text).Order());
        Assert.Equal(3, (await advisor.Get(campaign))["readCount"].GetInt32()); // receipts of what was lost found it, too
        var told = (await advisor.Get("/api/notifications")).Body.EnumerateArray().Select(one => one.GetProperty("text").GetString()!);
        Assert.Contains(told, text => text.Contains("se restauró", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_goes_before_the_gateway_was_asked_even_if_a_person_resumes()
    {
        var campaign = await Launched();
        await LostSend("Ana");
        await Restored();
        await Hold();
        await advisor.Post($"{campaign}/resume");
        await app.Database.Execute("update whatsapp_config set instance = 'nobody-' || instance"); // the gateway answers 404

        Assert.Equal(0, await Check());
        await app.Database.Execute("update whatsapp_config set instance = substr(instance, 8)");
        await Drain();

        Assert.Single(app.Simulator.Ledger.Entries);
        Assert.Equal(("sending", "restored"), await Status(campaign));
        await app.Database.Execute("update campaign_restore set asked_at = '-infinity'");
        Assert.Equal(1, await Check());
        await Settle();
        Assert.Equal(3, app.Simulator.Ledger.Entries.Count);
    }

    [Fact]
    public async Task A_draft_that_was_sent_in_the_lost_time_and_is_sent_again_skips_who_has_it()
    {
        var campaign = $"/api/campaigns/{await advisor.HasDraft(new { all = true })}";
        await LostSend("Ana");
        await Restored();
        await Hold();

        await advisor.Post($"{campaign}/send");
        await Drain();
        Assert.Single(app.Simulator.Ledger.Entries);
        await Check();
        await Settle();

        Assert.Equal(["Hola Ana", "Hola Beto", "Hola Caro"], app.Simulator.Ledger.Entries.Select(entry => entry.Text).Order());
        Assert.Equal((3, 0), await Counts(campaign));
    }

    [Fact]
    public async Task A_campaign_made_after_the_restore_goes_as_any_other()
    {
        await Restored();
        await Hold();

        var campaign = await Launched();
        await Drain();

        Assert.Equal("sent", (await advisor.Get(campaign))["status"].GetString());
    }

    [Fact]
    public async Task A_scheduled_start_waits_for_a_person_too()
    {
        var campaign = $"/api/campaigns/{await advisor.HasDraft(new { all = true })}";
        await advisor.Post($"{campaign}/schedule", new { scheduledAt = DateTimeOffset.UtcNow.AddDays(2) });
        await Restored();

        await Hold();

        Assert.Equal(("paused", "restored"), await Status(campaign));
    }

    [Fact]
    public async Task At_Meta_nobody_can_be_asked_so_whoever_waited_is_in_doubt()
    {
        var campaign = await Launched();
        await app.Database.Execute("update whatsapp_config set instance = 'cloud:15550001'");
        await Restored();
        await Hold();

        Assert.Equal(1, await Check());
        await app.Drain();

        Assert.Equal(3, (await advisor.Get(campaign))["inDoubtCount"].GetInt32());
        await advisor.Post($"{campaign}/resume");
        await Drain();
        Assert.Empty(app.Simulator.Ledger.Entries);
        var member = (await advisor.Get($"{campaign}/audience")).Body[0];
        Assert.Equal("restored", member.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_service_that_was_gone_for_long_without_leaving_is_taken_for_a_copy_of_its_files()
    {
        var campaign = await Launched();
        await app.Database.Execute("update known_database set alive_at = now() - interval '2 hours', is_stopped = false");

        await Guard().AtStart(CancellationToken.None);

        Assert.Equal(("paused", "restored"), await Status(campaign));
    }

    [Theory]
    [InlineData("now() - interval '50 minutes'", false)] // a machine that was down
    [InlineData("now() - interval '2 days'", true)] // switched off in good order
    public async Task Other_silences_mean_nothing(string aliveAt, bool isStopped)
    {
        var campaign = await Launched();
        await app.Database.Execute($"update known_database set alive_at = {aliveAt}, is_stopped = {isStopped}");

        await Guard().AtStart(CancellationToken.None);

        Assert.Equal(("sending", null), await Status(campaign));
    }

    [Fact]
    public async Task An_operators_word_is_enough()
    {
        var campaign = await Launched();

        Assert.Equal(2, await RestoredCommand.Run(["yesterday"], app.Services, CancellationToken.None));
        Assert.Equal(0, await RestoredCommand.Run(["--at", "2026-03-02T03:00:00Z"], app.Services, CancellationToken.None));
        await Drain();
        Assert.Empty(app.Simulator.Ledger.Entries);

        Assert.True(await Hold());
        Assert.Equal(("paused", "restored"), await Status(campaign));
        Assert.Equal(new DateTime(2026, 3, 2, 3, 0, 0), await app.Database.Value<DateTime>("select lost_from from campaign_restore"));
    }

    [Fact]
    public async Task A_person_who_opted_out_before_the_copy_is_not_told_so_again()
    {
        await app.Database.Execute(
            "insert into consent_word (profile_id, instance, gateway_id, client_id, language, at, confirmation) "
            + "select c.profile_id, w.instance, 'X1', c.id, 'es', now(), 'waiting' from client c join whatsapp_config w using (profile_id) limit 1");
        await Restored();

        await Hold();

        Assert.Equal("given_up", await app.Database.Value<string>("select confirmation from consent_word"));
    }

    private async Task<string> Launched()
    {
        var campaign = $"/api/campaigns/{await advisor.HasDraft(new { all = true })}";
        await advisor.Post($"{campaign}/send");
        await app.Services.GetRequiredService<KernelDrain>().Drain(CancellationToken.None); // planned, nobody granted
        return campaign;
    }

    /// <summary>Of another time than this run's, which the copy knows until now.</summary>
    private Task Restored() => app.Database.Execute("update known_database set identity = 'another', alive_at = now()");

    private async Task LostSend(string name)
    {
        var phone = await app.Database.Value<string>($"select phone from client where name = '{name}'");
        using var gateway = new HttpClient { BaseAddress = new Uri(app.Simulator.Url) };
        gateway.DefaultRequestHeaders.Add("apikey", app.Simulator.ApiKey);
        var instance = (await advisor.Get("/api/whatsapp/config"))["instance"].GetString();
        (await gateway.PostAsJsonAsync($"/message/sendText/{instance}", new { number = phone!.TrimStart('+'), text = $"Hola {name}" })).EnsureSuccessStatusCode();
    }

    /// <summary>After a restore a lane rests for a window.</summary>
    private async Task Drain()
    {
        await app.Database.Execute("update lane set next_at = '-infinity'");
        await app.Drain();
    }

    private async Task Settle()
    {
        await app.Database.Execute("update lane set next_at = '-infinity'");
        await app.Settle();
    }

    private HoldRestored Guard() => app.Services.GetRequiredService<HoldRestored>();

    private Task<bool> Hold() => Guard().RunOnce(CancellationToken.None);

    private Task<int> Check() => app.Services.GetRequiredService<CheckRestored>().RunOnce(CancellationToken.None);

    private async Task<(string?, string?)> Status(string campaign)
    {
        var row = await advisor.Get(campaign);
        return (row["status"].GetString(), row["statusReason"].ValueKind == JsonValueKind.Null ? null : row["statusReason"].GetString());
    }

    private async Task<(int Sent, int Pending)> Counts(string campaign)
    {
        var row = await advisor.Get(campaign);
        return (row["sentCount"].GetInt32(), row["pendingCount"].GetInt32());
    }
}
