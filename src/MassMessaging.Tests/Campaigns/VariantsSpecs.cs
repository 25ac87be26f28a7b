using System.Net;
using System.Text.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Campaigns;

/// <summary>Texts tried side by side: what may be asked for, who gets which, and each one's figures.</summary>
public sealed class VariantsSpecs(TestCluster cluster) : IAsyncLifetime
{
    private static readonly string[] Figures =
    [
        "totalRecipients", "sentCount", "deliveredCount", "readCount", "repliedCount", "failedCount", "skippedCount", "inDoubtCount", "pendingCount",
    ];

    private TestApp app = null!;

    public async ValueTask InitializeAsync() => app = await TestApp.Start(
        cluster, new TestAppOptions { Settings = TestAppOptions.Unpaced });

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task They_are_named_by_their_place_and_the_message_is_the_first_ones()
    {
        var advisor = await Advisor.Of(app);

        var created = await Create(advisor, Of("Hola {nombre_cliente}", 60), Of("Buen día", 40));

        created.Is(HttpStatusCode.Created);
        Assert.Equal("Hola {nombre_cliente}", created["messageContent"].GetString());
        Assert.Equal(
            [("A", 60, "Hola {nombre_cliente}"), ("B", 40, "Buen día")],
            created["variants"].EnumerateArray().Select(one => (
                one.GetProperty("name").GetString()!, one.GetProperty("share").GetInt32(), one.GetProperty("messageContent").GetString()!)));
        Assert.Equal(
            ["name", "share", "messageContent", .. Figures, "warnings"],
            created["variants"][0].EnumerateObject().Select(field => field.Name));
    }

    [Fact]
    public async Task Every_wrong_field_is_named()
    {
        var advisor = await Advisor.Of(app);

        var refused = await Create(
            advisor, new { messageContent = " ", share = 0 }, new { messageContent = "a", share = "10" }, new { name = new string('n', 51), share = 5 });

        refused.Is(HttpStatusCode.BadRequest, "validation-failed");
        Assert.Equal(
            ["variants[0].messageContent", "variants[0].share", "variants[1].share", "variants[2].messageContent", "variants[2].name"],
            refused.WrongFields);
    }

    [Theory]
    [InlineData("[]", "variants")]
    [InlineData("[{\"messageContent\":\"a\",\"share\":100}]", "variants", "variants[0].share")]
    [InlineData("[{\"messageContent\":\"a\",\"share\":50},{\"messageContent\":\"b\",\"share\":49}]", "variants")]
    [InlineData("[{\"messageContent\":\"a\",\"share\":50},{\"messageContent\":\"b\"}]", "variants[1].share")]
    [InlineData("[{\"messageContent\":\"a\",\"share\":50},{\"messageContent\":\"b\",\"share\":50.5}]", "variants[1].share")]
    [InlineData("[{\"name\":\"x\",\"messageContent\":\"a\",\"share\":50},{\"name\":\"X\",\"messageContent\":\"b\",\"share\":50}]", "variants[1].name")]
    [InlineData("[1,2]", "variants")]
    [InlineData("\"a\"", "variants")]
    public async Task What_does_not_fit_together_is_refused(string variants, params string[] fields)
    {
        var advisor = await Advisor.Of(app);

        var refused = await advisor.Post(
            "/api/campaigns", new { name = "Marzo", objective = "ventas", variants = JsonElement.Parse(variants) });

        refused.Is(HttpStatusCode.BadRequest, "validation-failed");
        Assert.Equal(fields, refused.WrongFields);
    }

    [Fact]
    public async Task Six_are_too_many()
    {
        var advisor = await Advisor.Of(app);

        var refused = await Create(advisor, [.. Enumerable.Repeat(Of("Hola", 15), 5), Of("Hola", 25)]);

        Assert.Equal(["variants"], refused.WrongFields);
    }

    [Fact]
    public async Task An_unknown_variable_in_one_is_refused_by_name()
    {
        var refused = await Create(await Advisor.Of(app), Of("Hola", 50), Of("Hola {nombre}", 50));

        refused.Is(HttpStatusCode.BadRequest, "template-variable-unknown");
        Assert.Equal(["variants[1].messageContent"], refused.WrongFields);
    }

    [Fact]
    public async Task An_edit_replaces_them_leaves_them_or_takes_them_away()
    {
        var advisor = await Advisor.Of(app);
        var path = $"/api/campaigns/{(await Create(advisor, Of("Hola", 50), Of("Buen día", 50))).Id}";

        var renamed = await advisor.Put(path, new { name = "Abril" });
        var replaced = await advisor.Put(path, new { variants = new[] { Of("Uno", 30), Of("Dos", 30), Of("Tres", 40) } });
        var without = await advisor.Put(path, new { variants = (object?)null });

        Assert.Equal(2, renamed["variants"].GetArrayLength());
        Assert.Equal((3, "Uno"), (replaced["variants"].GetArrayLength(), replaced["messageContent"].GetString()));
        Assert.Equal((JsonValueKind.Null, "Uno"), (without["variants"].ValueKind, without["messageContent"].GetString()));
    }

    [Fact]
    public async Task A_copy_keeps_them()
    {
        var advisor = await Advisor.Of(app);
        var source = await Create(advisor, Of("Hola", 50), Of("Buen día", 50));

        var copy = await advisor.Post($"/api/campaigns/{source.Id}/clone");

        Assert.Equal(source["variants"].ToString(), copy["variants"].ToString());
    }

    [Fact]
    public async Task A_template_is_kept_of_the_message_or_of_the_variant_that_is_named()
    {
        var advisor = await Advisor.Of(app);
        var path = $"/api/campaigns/{(await Create(advisor, Of("Hola", 50), Of("Buen día", 50))).Id}/save-as-template";

        var first = await advisor.Post(path);
        var second = await advisor.Post(path, new { name = "Saludo", variant = "b" });

        first.Is(HttpStatusCode.Created);
        Assert.Equal(("Marzo", "Hola", "ventas"), (first["name"].GetString(), first["content"].GetString(), first["objective"].GetString()));
        Assert.Equal(("Saludo", "Buen día"), (second["name"].GetString(), second["content"].GetString()));
        Assert.Equal($"/api/campaign-templates/{second.Id}", second.Message.Headers.Location!.ToString());
        var refused = await advisor.Post(path, new { variant = "C" });
        refused.Is(HttpStatusCode.BadRequest, "validation-failed");
        Assert.Equal(["variant"], refused.WrongFields);
    }

    [Fact]
    public async Task Each_recipient_gets_one_by_share_and_the_figures_are_told_apart()
    {
        var advisor = await Advisor.Of(app);
        for (var client = 0; client < 10; client++) await advisor.HasClient($"Cliente {client}");
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        var path = $"/api/campaigns/{(await Create(
            advisor, new { name = "corta", messageContent = "Hola {nombre_cliente}", share = 30 }, Of("Buen día, {nombre_cliente}", 70))).Id}";

        (await advisor.Post($"{path}/send")).Is(HttpStatusCode.Accepted);
        await app.Settle();

        var row = await advisor.Get(path);
        Assert.Equal("sent", row["status"].GetString());
        Assert.Equal([3, 7], row["variants"].EnumerateArray().Select(one => one.GetProperty("readCount").GetInt32()));
        Assert.All(Figures, figure => Assert.Equal(
            row[figure].GetInt32(), row["variants"].EnumerateArray().Sum(one => one.GetProperty(figure).GetInt32())));
        var members = (await advisor.Get($"{path}/audience")).Body.EnumerateArray().Select(member => member.GetProperty("variant").GetString()!);
        Assert.Equal([("B", 7), ("corta", 3)], members.GroupBy(name => name).Select(group => (group.Key, group.Count())).Order());
        var texts = app.Simulator.Ledger.Entries.Select(entry => entry.Text!).ToList();
        Assert.Equal((3, 7), (texts.Count(text => text.StartsWith("Hola", StringComparison.Ordinal)), texts.Count(text => text.StartsWith("Buen", StringComparison.Ordinal))));
        Assert.Equal(0, await app.Database.Value<long>("select count(*) from mt_events where data::text like '%corta%'"));
    }

    private static object Of(string messageContent, int share) => new { messageContent, share };

    private static Task<Answer> Create(Advisor advisor, params object[] variants) => advisor.Post(
        "/api/campaigns", new { name = "Marzo", objective = "ventas", audience = new { all = true }, variants });
}
