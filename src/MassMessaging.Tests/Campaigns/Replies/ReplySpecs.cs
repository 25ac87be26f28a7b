using System.Text.Json;
using MassMessaging.Campaigns.Replies;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns.Replies;

/// <summary>What clients write, through the simulated gateway's webhooks.</summary>
public sealed class ReplySpecs(TestCluster cluster) : ReplyRun(cluster)
{
    private string campaign = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Advisor.HasClient("Beto");
        campaign = await Sent("Marzo");
    }

    [Fact]
    public async Task A_reply_is_the_last_campaigns_and_counts_once_a_person()
    {
        await Writes(Ana, "Hola, me interesa");
        await Writes(Ana, "¿Cuánto cuesta?");

        Assert.Equal(1, (await Advisor.Get(campaign))["repliedCount"].GetInt32());
        var replies = await Advisor.Get($"{campaign}/replies");
        Assert.Equal(["¿Cuánto cuesta?", "Hola, me interesa"], replies.Body.EnumerateArray().Select(reply => reply.GetProperty("text").GetString()));
        Assert.All(replies.Body.EnumerateArray(), reply => Assert.Equal(AnaId, reply.GetProperty("clientId").GetGuid()));
        var member = Assert.Single((await Advisor.Get($"{campaign}/audience?replied=true")).Body.EnumerateArray());
        Assert.NotNull(member.GetProperty("repliedAt").GetString());
        Assert.Equal(0, await App.Database.Value<long>("select count(*) from mt_events where data::text like '%interesa%'"));
    }

    [Fact]
    public async Task A_quoted_message_says_which_campaign_is_meant()
    {
        var later = await Sent("Abril");
        var quoted = App.Simulator.Ledger.Entries.First(entry => entry.Number == Ana).KeyId;

        await Writes(Ana, "A este", quoted);

        Assert.Equal(1, (await Advisor.Get(campaign))["repliedCount"].GetInt32());
        Assert.Equal(0, (await Advisor.Get(later))["repliedCount"].GetInt32());
    }

    [Theory]
    [InlineData("541155000000")] // Argentina without the 9
    [InlineData("5491155000000")]
    public async Task Any_spelling_of_the_number_is_the_client(string number)
    {
        await Writes(number, "Hola");

        Assert.Equal(1, (await Advisor.Get(campaign))["repliedCount"].GetInt32());
    }

    [Fact]
    public async Task A_message_that_is_told_again_is_one_reply()
    {
        var message = await Message("Hola", "3A00000000000000000000");

        await Sends(new ReplyArrived(message));
        await Sends(new ReplyArrived(message));
        await Sends(new ReplyArrived(message with { At = message.At.AddDays(1) })); // its own time was not told

        Assert.Equal(1, (await Advisor.Get($"{campaign}/replies")).Body.GetArrayLength());
        Assert.Equal(1, await App.Database.Value<long>("select count(*) from mt_events where type = 'message_replied'"));
    }

    [Fact]
    public async Task Who_has_agreed_since_is_not_opted_out_by_an_old_word_told_again()
    {
        var message = await Message("BAJA", "3A00000000000000000000");
        await Sends(new ReplyArrived(message));
        await Advisor.Post($"/api/clients/{AnaId}/opt-in", new { source = "llamada" });

        await Sends(new ReplyArrived(message));
        await Sends(new ReplyArrived(message with { GatewayMessageId = "3A00000000000000000001" })); // another id, and as old

        Assert.Equal(JsonValueKind.Null, (await Advisor.Get($"/api/clients/{AnaId}"))["optedOutAt"].ValueKind);
    }

    [Fact]
    public async Task An_answer_may_come_before_the_outcome_of_its_question()
    {
        await App.Database.Execute("update campaign_audience set status = 'sending', sent_at = null, delivered_at = null, read_at = null");

        await Writes(Ana, "Respuesta automática: vuelvo el lunes");

        Assert.Equal(1, (await Advisor.Get($"{campaign}/replies")).Body.GetArrayLength());
    }

    [Fact]
    public async Task A_stranger_is_nobodys_reply()
    {
        await Writes("5215511112222", "Hola, ¿quién eres?");

        Assert.Equal(0, (await Advisor.Get(campaign))["repliedCount"].GetInt32());
        Assert.Equal(0, await App.Database.Value<long>("select count(*) from campaign_reply"));
    }

    [Theory]
    [InlineData("BAJA", true)]
    [InlineData("Sair, por favor", true)]
    [InlineData("don't stop", false)]
    public async Task A_word_opts_out_with_proof_and_a_sentence_does_not(string text, bool isOut)
    {
        await Writes(Ana, text);

        var client = await Advisor.Get($"/api/clients/{AnaId}");
        Assert.Equal(isOut, client["optedOutAt"].ValueKind != JsonValueKind.Null);
        var proof = (await Advisor.Get($"/api/clients/{AnaId}/consent")).Body.EnumerateArray()
            .FirstOrDefault(row => row.GetProperty("kind").GetString() == "opt_out");
        if (isOut) Assert.Equal(("reply", text), (proof.GetProperty("source").GetString(), proof.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task The_chat_that_is_known_by_a_privacy_id_is_the_clients_too()
    {
        await Writes(Ana, "Hola", asLid: true);

        Assert.Equal(1, (await Advisor.Get(campaign))["repliedCount"].GetInt32());
        Assert.Equal(1, await App.Database.Value<long>("select count(*) from whatsapp_alias"));
    }

    [Fact]
    public async Task Erasing_the_client_takes_the_answers_along_and_leaves_the_count()
    {
        await Writes(Ana, "Hola", asLid: true);

        await Advisor.Delete($"/api/clients/{AnaId}");
        await Writes(Ana, "Sigo aquí", App.Simulator.Ledger.Entries.First(entry => entry.Number == Ana).KeyId, asLid: true);

        Assert.Equal(0, await App.Database.Value<long>("select count(*) from campaign_reply"));
        Assert.Equal(0, await App.Database.Value<long>("select count(*) from whatsapp_alias"));
        Assert.Equal(1, (await Advisor.Get(campaign))["repliedCount"].GetInt32());
    }

    private async Task<string> Sent(string name)
    {
        var draft = $"/api/campaigns/{await Advisor.HasDraft(new { all = true }, name)}";
        await Advisor.Post($"{draft}/send");
        await App.Settle();
        Assert.Equal("sent", (await Advisor.Get(draft))["status"].GetString());
        return draft;
    }
}
