using System.Net.Http.Json;
using System.Text.Json;
using MassMessaging.Campaigns.Replies;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using MassMessaging.WhatsApp;
using Microsoft.Extensions.DependencyInjection;

namespace MassMessaging.Tests.Campaigns.Replies;

/// <summary>What clients write, through the simulated gateway's webhooks.</summary>
public sealed class ReplySpecs(TestCluster cluster) : IAsyncLifetime
{
    private const string Ana = "5491155000000";
    private TestApp app = null!;
    private Advisor advisor = null!;
    private Guid ana;
    private string campaign = null!;
    private string instance = null!;

    public async ValueTask InitializeAsync()
    {
        app = await TestApp.Start(
            cluster, new TestAppOptions { Settings = new Dictionary<string, string> { ["Pacing:Messages"] = "10000", ["Pacing:PerSeconds"] = "1" } });
        advisor = await Advisor.Of(app);
        ana = await advisor.HasClient("Ana");
        await advisor.HasClient("Beto");
        await advisor.Post("/api/whatsapp/connect");
        await app.Settle();
        instance = (await app.Database.Value<string>("select instance from whatsapp_config"))!;
        campaign = await Sent("Marzo");
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task A_reply_is_the_last_campaigns_and_counts_once_a_person()
    {
        await Writes(Ana, "Hola, me interesa");
        await Writes(Ana, "¿Cuánto cuesta?");

        Assert.Equal(1, (await advisor.Get(campaign))["repliedCount"].GetInt32());
        var replies = await advisor.Get($"{campaign}/replies");
        Assert.Equal(["¿Cuánto cuesta?", "Hola, me interesa"], replies.Body.EnumerateArray().Select(reply => reply.GetProperty("text").GetString()));
        Assert.All(replies.Body.EnumerateArray(), reply => Assert.Equal(ana, reply.GetProperty("clientId").GetGuid()));
        var member = Assert.Single((await advisor.Get($"{campaign}/audience?replied=true")).Body.EnumerateArray());
        Assert.NotNull(member.GetProperty("repliedAt").GetString());
        Assert.Equal(0, await app.Database.Value<long>("select count(*) from mt_events where data::text like '%interesa%'"));
    }

    [Fact]
    public async Task A_quoted_message_says_which_campaign_is_meant()
    {
        var later = await Sent("Abril");
        var quoted = app.Simulator.Ledger.Entries.First(entry => entry.Number == Ana).KeyId;

        await Writes(Ana, "A este", quoted);

        Assert.Equal(1, (await advisor.Get(campaign))["repliedCount"].GetInt32());
        Assert.Equal(0, (await advisor.Get(later))["repliedCount"].GetInt32());
    }

    [Theory]
    [InlineData("541155000000")] // Argentina without the 9
    [InlineData("5491155000000")]
    public async Task Any_spelling_of_the_number_is_the_client(string number)
    {
        await Writes(number, "Hola");

        Assert.Equal(1, (await advisor.Get(campaign))["repliedCount"].GetInt32());
    }

    [Fact]
    public async Task A_message_that_is_told_again_is_one_reply()
    {
        var message = await Message("Hola");

        await Tell(message);
        await Tell(message);
        await Tell(message with { At = message.At.AddDays(1) }); // its own time was not told

        Assert.Equal(1, (await advisor.Get($"{campaign}/replies")).Body.GetArrayLength());
        Assert.Equal(1, await app.Database.Value<long>("select count(*) from mt_events where type = 'message_replied'"));
    }

    [Fact]
    public async Task Who_has_agreed_since_is_not_opted_out_by_an_old_word_told_again()
    {
        var message = await Message("BAJA");
        await Tell(message);
        await advisor.Post($"/api/clients/{ana}/opt-in", new { source = "llamada" });

        await Tell(message);
        await Tell(message with { GatewayMessageId = "3A00000000000000000001" }); // another id, and as old

        Assert.Equal(JsonValueKind.Null, (await advisor.Get($"/api/clients/{ana}"))["optedOutAt"].ValueKind);
    }

    [Fact]
    public async Task An_answer_may_come_before_the_outcome_of_its_question()
    {
        await app.Database.Execute("update campaign_audience set status = 'sending', sent_at = null, delivered_at = null, read_at = null");

        await Writes(Ana, "Respuesta automática: vuelvo el lunes");

        Assert.Equal(1, (await advisor.Get($"{campaign}/replies")).Body.GetArrayLength());
    }

    [Fact]
    public async Task A_stranger_is_nobodys_reply()
    {
        await Writes("5215511112222", "Hola, ¿quién eres?");

        Assert.Equal(0, (await advisor.Get(campaign))["repliedCount"].GetInt32());
        Assert.Equal(0, await app.Database.Value<long>("select count(*) from campaign_reply"));
    }

    [Theory]
    [InlineData("BAJA", true)]
    [InlineData("Sair, por favor", true)]
    [InlineData("don't stop", false)]
    public async Task A_word_opts_out_with_proof_and_a_sentence_does_not(string text, bool isOut)
    {
        await Writes(Ana, text);

        var client = await advisor.Get($"/api/clients/{ana}");
        Assert.Equal(isOut, client["optedOutAt"].ValueKind != JsonValueKind.Null);
        var proof = (await advisor.Get($"/api/clients/{ana}/consent")).Body.EnumerateArray()
            .FirstOrDefault(row => row.GetProperty("kind").GetString() == "opt_out");
        if (isOut) Assert.Equal(("reply", text), (proof.GetProperty("source").GetString(), proof.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task The_chat_that_is_known_by_a_privacy_id_is_the_clients_too()
    {
        await Writes(Ana, "Hola", asLid: true);

        Assert.Equal(1, (await advisor.Get(campaign))["repliedCount"].GetInt32());
        Assert.Equal(1, await app.Database.Value<long>("select count(*) from whatsapp_alias"));
    }

    [Fact]
    public async Task Erasing_the_client_takes_the_answers_along_and_leaves_the_count()
    {
        await Writes(Ana, "Hola", asLid: true);

        await advisor.Delete($"/api/clients/{ana}");
        await Writes(Ana, "Sigo aquí", app.Simulator.Ledger.Entries.First(entry => entry.Number == Ana).KeyId, asLid: true);

        Assert.Equal(0, await app.Database.Value<long>("select count(*) from campaign_reply"));
        Assert.Equal(0, await app.Database.Value<long>("select count(*) from whatsapp_alias"));
        Assert.Equal(1, (await advisor.Get(campaign))["repliedCount"].GetInt32());
    }

    private async Task<IncomingMessage> Message(string text) => new(
        await app.Database.Value<Guid>("select profile_id from whatsapp_config"), instance, "3A00000000000000000000", $"+{Ana}", text, null,
        TimeProvider.System.GetUtcNow());

    private async Task Tell(IncomingMessage message)
    {
        await using (var session = app.Services.GetRequiredService<IStore>().Open(Origin.System))
        {
            session.Send(new ReplyArrived(message));
            await session.Commit(CancellationToken.None);
        }

        await app.Drain();
    }

    private async Task<string> Sent(string name)
    {
        var draft = $"/api/campaigns/{await advisor.HasDraft(new { all = true }, name)}";
        await advisor.Post($"{draft}/send");
        await app.Settle();
        Assert.Equal("sent", (await advisor.Get(draft))["status"].GetString());
        return draft;
    }

    private async Task Writes(string from, string text, string? quoted = null, bool asLid = false)
    {
        using var http = new HttpClient();
        var written = await http.PostAsJsonAsync($"{app.Simulator.Url}/simulator/instances/{instance}/incoming", new { from, text, quotedId = quoted, lid = asLid });
        written.EnsureSuccessStatusCode();
        await app.Settle();
    }
}
