using System.Net;
using System.Text.Json;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Cloud;

namespace MassMessaging.Tests.WhatsApp.Cloud;

/// <summary>What Meta tells beside messages and receipts: people who want no marketing, accounts and templates that are stopped.</summary>
public sealed class CloudNewsSpecs(TestCluster cluster) : CloudCampaigns(cluster)
{
    [Fact]
    public async Task Who_turns_marketing_off_in_WhatsApp_is_opted_out_with_proof_and_in_again_by_turning_it_on()
    {
        var campaign = await Draft(Saludo, "Ana", "Beto");
        var ana = await Client("Ana");
        await Prefers(ana, stops: true);
        await Advisor.Post($"{campaign}/send");
        await App.Settle();

        Assert.Equal((1, 1), ((await Advisor.Get(campaign))["totalRecipients"].GetInt32(), App.Simulator.Ledger.Entries.Count));
        Assert.Equal(("opt_out", "meta", "user_preferences: stop"), await LastConsent(ana));

        await Prefers(ana, stops: false);
        Assert.Equal(JsonValueKind.Null, (await Advisor.Get($"/api/clients/{ana}"))["optedOutAt"].ValueKind);
        Assert.Equal(("opt_in", "meta", "user_preferences: resume"), await LastConsent(ana));
    }

    [Fact]
    public async Task Running_campaigns_leave_out_who_turns_it_off()
    {
        var campaign = await Draft(Saludo, "Ana");
        App.Simulator.Faults.Set(new Fault(FaultKind.MetaError, Number.Id, Text: "131056")); // nobody can be sent to
        await Advisor.Post($"{campaign}/send");
        await App.Settle();
        await Prefers(await Client("Ana"), stops: true);

        var row = await Advisor.Get(campaign);
        Assert.Equal((1, 0), (row["skippedCount"].GetInt32(), row["pendingCount"].GetInt32()));
        Assert.Empty(App.Simulator.Ledger.Entries);
    }

    [Fact]
    public async Task Whom_the_advisor_opted_out_turning_it_on_does_not_opt_in()
    {
        await Draft(Saludo, "Ana");
        var ana = await Client("Ana");
        await Advisor.Post($"/api/clients/{ana}/opt-out", new { reason = "por teléfono" });

        await Prefers(ana, stops: false);

        Assert.Equal(("opt_out", "advisor", "por teléfono"), await LastConsent(ana));
    }

    [Theory]
    [InlineData(FaultKind.ErrorAfter)]
    [InlineData(FaultKind.MetaError)]
    public async Task Who_had_turned_it_off_before_is_known_by_131050_at_once_or_afterwards(FaultKind fault)
    {
        var campaign = await Draft(Saludo, "Ana");
        App.Simulator.Faults.Set(new Fault(fault, Number.Id, Text: "131050", Times: 1));

        await Advisor.Post($"{campaign}/send");
        await App.Settle();

        Assert.Equal("meta-131050", (await Advisor.Get($"{campaign}/audience?status=failed")).Body[0].GetProperty("reason").GetString());
        Assert.Equal(("opt_out", "meta", "131050"), await LastConsent(await Client("Ana")));
    }

    [Fact]
    public async Task An_account_that_is_restricted_pauses_what_is_being_sent_and_the_advisor_is_told_once()
    {
        var campaign = await Draft(Saludo, "Ana", "Beto");
        App.Simulator.Faults.Set(new Fault(FaultKind.MetaError, Number.Id, Text: "131056"));
        await Advisor.Post($"{campaign}/send");
        await App.Settle();
        App.Simulator.Cloud.Restrict(Number.Account, restricts: true);
        await App.Settle();

        var row = await Advisor.Get(campaign);
        Assert.Equal(
            ("paused", "meta-account-restricted", 2),
            (row["status"].GetString(), row["statusReason"].GetString(), row["pendingCount"].GetInt32()));
        Assert.Equal(["account-restricted", "campaign-paused"], (await Told()).Order());

        App.Simulator.Cloud.Restrict(Number.Account, restricts: false);
        await App.Settle();
        Assert.Contains("account-warning", await Told());
        App.Simulator.Faults.Clear();
        await App.Database.Execute("update whatsapp_pair set held_until = null");
        await Advisor.Post($"{campaign}/resume");
        await App.Settle();
        Assert.Equal("sent", (await Advisor.Get(campaign))["status"].GetString());
    }

    [Fact]
    public async Task What_Meta_repeats_of_an_account_stops_nothing_again()
    {
        const string Value = """{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":["DISABLE"]}}""";
        var campaign = await Draft(Saludo, "Ana");
        App.Simulator.Faults.Set(new Fault(FaultKind.MetaError, Number.Id, Text: "131056")); // nobody can be sent to
        await Advisor.Post($"{campaign}/send");
        await App.Settle();
        await Notified("account_update", Value);
        Assert.Equal("meta-account-disabled", (await Advisor.Get(campaign))["statusReason"].GetString());
        await Advisor.Post($"{campaign}/resume");

        await Notified("account_update", Value);

        Assert.Equal("sending", (await Advisor.Get(campaign))["status"].GetString());
        Assert.Single(await Told(), code => code == "account-restricted");
    }

    [Fact]
    public async Task A_template_that_is_paused_is_told_by_its_name()
    {
        App.Simulator.Cloud.AddTemplate(Number.Account.Id, "promo", "es_AR", "Hola");
        MassMessaging.Simulator.Cloud.CloudTemplates.Turn(App.Simulator.Cloud, Number.Account, "promo", "es_AR", "PAUSED");
        await App.Settle();

        var told = (await Advisor.Get("/api/notifications")).Body[0];
        Assert.Equal(
            ("template-stopped", "La plantilla «promo (es_AR)» está en pausa por su calidad en Meta."),
            (told.GetProperty("code").GetString(), told.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task What_is_said_of_the_account_is_not_lost_among_what_is_said_of_numbers_nor_the_other_way_round()
    {
        await Draft(Saludo, "Ana");
        var phone = (await Advisor.Get("/api/clients?q=Ana")).Body[0].GetProperty("phone").GetString()![1..];
        var written = CloudAdvisor.Change(Number.Id, $$$"""
            "messages":[{"from":"{{{phone}}}","id":"wamid.X","type":"text","text":{"body":"hola"}}]
            """);
        await Notified($$$"""
            {"field":"account_update","value":{"event":"ACCOUNT_VIOLATION"}},{"field":"new_field","value":7},{{{written}}},
            {"field":"user_preferences","value":{"wa_id":"{{{phone}}}","category":"marketing_messages","value":"stop"}}
            """);

        Assert.Equal(["account-warning"], await Told());
        Assert.Equal(1, await App.Database.Value<long>("select count(*) from whatsapp_pair"));
        Assert.Equal(("opt_out", "meta", "user_preferences: stop"), await LastConsent(await Client("Ana")));
    }

    [Fact]
    public async Task Another_accounts_news_say_nothing_whoever_signs_them()
    {
        var mallory = await CloudAdvisor.Of(App);
        var forged = $$$"""
            {"entry":[{"id":"{{{Number.Account.Id}}}","changes":[{"field":"account_update","value":{"event":"ACCOUNT_DELETED"}},
            {{{CloudAdvisor.Change(mallory.Number.Id, "\"statuses\":[]")}}}]}]}
            """;

        Assert.Equal(HttpStatusCode.OK, (await mallory.Notify(forged)).StatusCode);
        await App.Settle();

        Assert.Empty(await Told());
        Assert.Empty((await mallory.Advisor.Get("/api/notifications")).Body.EnumerateArray());
    }

    [Theory]
    [InlineData("account_update", """{"event":"ACCOUNT_DELETED"}""", "account-restricted", "meta-account-deleted")]
    [InlineData("account_update", """{"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"RESTRICTED_BIZ_INITIATED_MESSAGING"}]}""", "account-restricted", "meta-account-restricted")]
    [InlineData("account_update", """{"event":"ACCOUNT_RESTRICTION","restriction_info":[{"restriction_type":"RESTRICTED_ADD_PHONE_NUMBER_ACTION"}]}""", "account-warning", null)]
    [InlineData("account_update", """{"event":"ACCOUNT_RESTRICTION","restriction_info":"new"}""", "account-restricted", "meta-account-restricted")]
    [InlineData("account_update", """{"event":"DISABLED_UPDATE","ban_info":{"waba_ban_state":"SCHEDULE_FOR_DISABLE"}}""", "account-warning", null)]
    [InlineData("account_update", """{"event":"DISABLED_UPDATE"}""", "account-restricted", "meta-account-disabled")]
    [InlineData("account_update", """{"event":"VERIFIED_ACCOUNT"}""", null, null)]
    [InlineData("message_template_status_update", """{"event":"APPROVED"}""", null, null)]
    [InlineData("message_template_status_update", """{"event":"DISABLED","message_template_name":"\ud800"}""", "template-stopped", null)]
    [InlineData("phone_number_quality_update", """{"event":"FLAGGED"}""", "account-warning", null)]
    [InlineData("phone_number_quality_update", """{"event":"UNFLAGGED"}""", null, null)]
    [InlineData("security", "[]", null, null)]
    public void Each_kind_of_news_is_told_or_stops_the_number(string field, string value, string? code, string? stops)
    {
        var body = $$"""{"entry":[{"id":"1","changes":[{"field":"{{field}}","value":{{value}} }]}]}""";
        var news = CloudEvents.Read(new WebhookReceived("cloud:7", body, DateTimeOffset.UnixEpoch)).News;
        Assert.Equal(code is null ? [] : [(code, stops)], news.Select(one => (one.Code, one.Stops)));
    }

    private async Task Prefers(Guid client, bool stops)
    {
        App.Simulator.Cloud.Prefer(Number.Id, (await Advisor.Get($"/api/clients/{client}"))["phone"].GetString()!, stops);
        await App.Settle();
    }

    private Task Notified(string field, string value) => Notified($$"""{"field":"{{field}}","value":{{value}} }""");

    private async Task Notified(string changes)
    {
        var body = $$$"""{"object":"whatsapp_business_account","entry":[{"id":"{{{Number.Account.Id}}}","time":1795343020,"changes":[ {{{changes}}} ] }]}""";
        Assert.Equal(HttpStatusCode.OK, (await CloudAdvisor.Notify(App, body, Number.Account.AppSecret)).StatusCode);
        await App.Settle();
    }

    private async Task<Guid> Client(string name) => (await Advisor.Get($"/api/clients?q={name}")).Body[0].GetProperty("id").GetGuid();

    private async Task<(string?, string?, string?)> LastConsent(Guid client)
    {
        var proof = (await Advisor.Get($"/api/clients/{client}/consent")).Body[0];
        return (proof.GetProperty("kind").GetString(), proof.GetProperty("source").GetString(), proof.GetProperty("reason").GetString());
    }

    private async Task<List<string?>> Told() =>
        [.. (await Advisor.Get("/api/notifications")).Body.EnumerateArray().Select(row => row.GetProperty("code").GetString())];
}
