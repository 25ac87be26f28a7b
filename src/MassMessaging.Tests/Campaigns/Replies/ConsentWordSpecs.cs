using System.Text.Json;
using MassMessaging.Campaigns.Replies;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns.Replies;

/// <summary>Words that opt out and in, and the one message that confirms an opt-out, through the simulated gateway.</summary>
public sealed class ConsentWordSpecs(TestCluster cluster) : ReplyRun(cluster)
{
    [Theory]
    [InlineData("BAJA", "Listo, no te enviaremos más mensajes. Si cambias de opinión, escribe ALTA.")]
    [InlineData("Sair, por favor", "Pronto, não enviaremos mais mensagens. Se mudar de ideia, escreva VOLTAR.")]
    [InlineData("Unsubscribe", "Done, we will not send you any more messages. If you change your mind, write START.")]
    public async Task Who_opts_out_by_a_word_is_told_once_in_the_words_language(string word, string answer)
    {
        await Writes(word);
        await Writes(word);

        Assert.Equal([(Ana, answer)], App.Simulator.Ledger.Entries.Select(entry => (entry.Number, entry.Text)));
        Assert.Equal("sent", await Confirmation());
    }

    [Theory]
    [InlineData("ALTA")]
    [InlineData("start")]
    [InlineData("¡Quero voltar, por favor!")]
    public async Task Who_opted_out_by_a_word_opts_in_by_one_with_proof(string word)
    {
        await Writes("BAJA");
        await Writes(word);

        Assert.Equal(JsonValueKind.Null, (await Advisor.Get($"/api/clients/{AnaId}"))["optedOutAt"].ValueKind);
        var proof = (await Advisor.Get($"/api/clients/{AnaId}/consent")).Body[0];
        Assert.Equal(
            ("opt_in", "reply", word),
            (proof.GetProperty("kind").GetString(), proof.GetProperty("source").GetString(), proof.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task Whom_the_advisor_opted_out_no_word_opts_in()
    {
        await Advisor.Post($"/api/clients/{AnaId}/opt-out");
        await Writes("ALTA");

        Assert.NotEqual(JsonValueKind.Null, (await Advisor.Get($"/api/clients/{AnaId}"))["optedOutAt"].ValueKind);
        Assert.Empty(App.Simulator.Ledger.Entries);
    }

    [Fact]
    public async Task An_opt_out_that_is_told_again_behind_an_opt_in_is_no_other_one()
    {
        await Told("BAJA", "3EB0000000000000000001");
        await Told("ALTA", "3EB0000000000000000002");
        await Told("BAJA", "3EB0000000000000000001");

        Assert.Equal(JsonValueKind.Null, (await Advisor.Get($"/api/clients/{AnaId}"))["optedOutAt"].ValueKind);
        Assert.Single(App.Simulator.Ledger.Entries);

        await Told("BAJA", "3EB0000000000000000003");
        Assert.Equal(2, App.Simulator.Ledger.Entries.Count);
    }

    [Fact]
    public async Task An_opt_in_that_is_told_late_does_not_beat_a_later_opt_out()
    {
        await Told("BAJA", "3EB0000000000000000001");
        await Told("ALTA", "3EB0000000000000000002", TimeProvider.System.GetUtcNow().AddMinutes(-5));

        Assert.NotEqual(JsonValueKind.Null, (await Advisor.Get($"/api/clients/{AnaId}"))["optedOutAt"].ValueKind);
    }

    [Fact]
    public async Task A_lane_that_is_held_keeps_the_confirmation_waiting_for_a_day_at_most()
    {
        await App.Database.Execute("insert into lane (profile_id, next_at, held_by, held_until) select profile_id, now(), 'throttled', now() + '1 hour' from whatsapp_config");
        await Writes("BAJA");
        Assert.Equal(("waiting", 0), (await Confirmation(), App.Simulator.Ledger.Entries.Count));

        await App.Database.Execute("update consent_word set at = at - interval '25 hours'");
        await Later();

        Assert.Equal(("given_up", 0), (await Confirmation(), App.Simulator.Ledger.Entries.Count));
    }

    [Fact]
    public async Task What_surely_was_not_sent_is_tried_again()
    {
        App.Simulator.Faults.Set(new Fault(FaultKind.ConnectionClosed, Times: 1));
        await Writes("BAJA");
        Assert.Equal(("waiting", 0), (await Confirmation(), App.Simulator.Ledger.Entries.Count));

        await Later();

        Assert.Equal(("sent", 1), (await Confirmation(), App.Simulator.Ledger.Entries.Count));
    }

    [Theory]
    [InlineData(FaultKind.CloseAfter, 1)]
    [InlineData(FaultKind.CloseBefore, 0)]
    public async Task What_may_have_been_sent_is_never_sent_again(FaultKind fault, int sent)
    {
        App.Simulator.Faults.Set(new Fault(fault, Times: 1));
        await Writes("BAJA");
        await Later();
        await Asked(); // as after a kill between the call and its commit

        Assert.Equal(("attempted", sent), (await Confirmation(), App.Simulator.Ledger.Entries.Count));
    }

    [Fact]
    public async Task Who_is_erased_or_comes_back_before_it_went_out_is_told_nothing()
    {
        App.Simulator.Faults.Set(new Fault(FaultKind.ConnectionClosed, Times: 1));
        await Writes("BAJA");
        await Writes("ALTA");
        await Later();
        Assert.Empty(App.Simulator.Ledger.Entries);

        App.Simulator.Faults.Set(new Fault(FaultKind.ConnectionClosed, Times: 1));
        await Writes("BAJA");
        await Advisor.Delete($"/api/clients/{AnaId}");
        await Later();

        Assert.Empty(App.Simulator.Ledger.Entries);
        Assert.Equal(0, await App.Database.Value<long>("select count(*) from consent_word"));
    }

    private Task<string?> Confirmation() => App.Database.Value<string>("select confirmation from consent_word order by confirmation limit 1");

    /// <summary>What waits to be tried again is due.</summary>
    private async Task Later()
    {
        await App.Database.Execute("update message set due_at = created, scheduled_for = created from (select now() - interval '1 hour' as created) as past where type = 'confirm_opt_out'");
        await App.Settle();
    }

    private async Task Asked()
    {
        var (profile, gatewayId) = (
            await App.Database.Value<Guid>("select profile_id from consent_word"), await App.Database.Value<string>("select gateway_id from consent_word"));
        await Sends(new ConfirmOptOut(profile, Instance, gatewayId!));
    }

    private async Task Told(string text, string id, DateTimeOffset? at = null) => await Sends(new ReplyArrived(await Message(text, id, at)));

    private Task Writes(string text) => Writes(Ana, text);
}
