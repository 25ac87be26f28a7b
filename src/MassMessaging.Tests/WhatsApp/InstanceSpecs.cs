using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.WhatsApp;

public sealed class InstanceSpecs(TestApp app, TestCluster cluster) : IClassFixture<TestApp>
{
    [Fact]
    public async Task An_instance_is_named_after_its_profile_until_another_name_is_chosen()
    {
        using var client = await app.Client();
        var profile = (await client.GetFromJsonAsync<JsonElement>("/api/profile")).GetProperty("id").GetGuid();
        var byDefault = await Read(client, "config");

        var chosen = await client.PutAsJsonAsync("/api/whatsapp/config", new { gateway = "evolution", instance = $"shop-{profile:n}" });

        Assert.Equal($$"""{"gateway":"evolution","instance":"mm-{{profile:n}}","phoneNumberId":null,"wabaId":null}""", byDefault.GetRawText());
        Assert.Equal(HttpStatusCode.OK, chosen.StatusCode);
        Assert.Equal($"shop-{profile:n}", (await Read(client, "config")).GetProperty("instance").GetString());
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("-abc")]
    [InlineData("Abc")]
    [InlineData("a b c")]
    [InlineData("abc/../def")]
    [InlineData("abc\n")]
    [InlineData("")]
    public async Task A_name_against_the_rule_is_refused(string instance)
    {
        using var client = await app.Client();
        var answer = await client.PutAsJsonAsync("/api/whatsapp/config", new { instance });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty("instance", out _));
    }

    [Fact]
    public async Task A_name_that_another_profile_has_or_once_had_is_taken()
    {
        using var first = await app.Client();
        using var second = await app.Client();
        var profile = (await first.GetFromJsonAsync<JsonElement>("/api/profile")).GetProperty("id").GetGuid();
        await first.PutAsJsonAsync("/api/whatsapp/config", new { instance = "taken-name" });
        await first.PutAsJsonAsync("/api/whatsapp/config", new { instance = "newer-name" });

        foreach (var instance in new[] { "taken-name", "newer-name", $"mm-{profile:n}" })
        {
            var answer = await second.PutAsJsonAsync("/api/whatsapp/config", new { instance });
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
            Assert.Equal("instance-taken", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        }

        Assert.Equal(HttpStatusCode.OK, (await first.PutAsJsonAsync("/api/whatsapp/config", new { instance = "taken-name" })).StatusCode);
    }

    [Fact]
    public async Task Nothing_is_connected_before_the_first_connect()
    {
        using var client = await app.Client();
        Assert.Equal("""{"state":"close","since":null,"phone":null,"reason":"not-connected"}""", (await Read(client, "status")).GetRawText());
    }

    [Fact]
    public async Task Connecting_shows_a_qr_code_and_in_the_end_the_number_is_linked()
    {
        using var client = await app.Client();

        var connecting = await Post(client, "connect");
        await app.Settle();
        var status = await Read(client, "status");
        var again = await Post(client, "connect");

        Assert.Equal(["state", "qrCode", "pairingCode"], connecting.EnumerateObject().Select(field => field.Name));
        Assert.StartsWith("data:image/png;base64,", connecting.GetProperty("qrCode").GetString(), StringComparison.Ordinal);
        Assert.Equal("open", status.GetProperty("state").GetString());
        Assert.StartsWith("+", status.GetProperty("phone").GetString(), StringComparison.Ordinal);
        Assert.Equal("open", again.GetProperty("state").GetString());
    }

    [Fact]
    public async Task With_the_number_a_pairing_code_is_answered_as_well()
    {
        using var client = await app.Client();

        var answer = await client.PostAsJsonAsync(Path("connect"), new { number = "+54 9 11 5555-0000" });
        var connecting = await answer.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal("WZYEH1YY", connecting.GetProperty("pairingCode").GetString());
        Assert.NotNull(connecting.GetProperty("qrCode").GetString());
        await app.Settle();
        Assert.Equal("+5491155550000", (await Read(client, "status")).GetProperty("phone").GetString());
    }

    [Theory]
    [InlineData("1234")]
    [InlineData("011 5555-0000")] // no country
    [InlineData("5491155550000&token=x")]
    [InlineData("")]
    public async Task A_number_that_cannot_be_one_is_refused(string number)
    {
        using var client = await app.Client();

        var answer = await client.PostAsJsonAsync(Path("connect"), new { number });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("validation-failed", problem.GetProperty("code").GetString());
        Assert.True(problem.GetProperty("errors").TryGetProperty("number", out _));
    }

    [Fact]
    public async Task The_gateways_key_is_in_no_answer()
    {
        using var client = await app.Client();
        var answers = new List<string> { (await Post(client, "connect")).GetRawText() };
        await app.Settle();
        foreach (var name in new[] { "config", "status", "lane", "pacing" }) answers.Add((await Read(client, name)).GetRawText());
        answers.Add((await Post(client, "disconnect")).GetRawText());

        Assert.All(answers, answer => Assert.DoesNotContain(app.Simulator.ApiKey, answer, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Disconnecting_unlinks_it_and_may_be_done_twice()
    {
        using var client = await app.Client();
        await Post(client, "connect");
        await app.Settle();

        var once = await Post(client, "disconnect");
        await app.Settle();
        await Post(client, "disconnect");

        Assert.Equal("close", once.GetProperty("state").GetString());
        Assert.Equal("close", (await Read(client, "status")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task The_secret_is_encrypted_at_rest_and_stays_when_connecting_again()
    {
        using var client = await app.Client();
        var profile = (await client.GetFromJsonAsync<JsonElement>("/api/profile")).GetProperty("id").GetGuid();
        var select = $"select webhook_secret from whatsapp_config where profile_id = '{profile}'";
        await Post(client, "connect");
        var stored = await app.Database.Value<string>(select);

        await Task.WhenAll(Post(client, "connect"), Post(client, "connect"));

        Assert.True(stored!.Length > 64); // the secret itself has 64 digits
        Assert.Equal(stored, await app.Database.Value<string>(select));
    }

    [Fact]
    public async Task A_gateway_that_is_away_is_unavailable()
    {
        var away = new Dictionary<string, string> { ["EVOLUTION_API_URL"] = "http://127.0.0.1:1" };
        await using var alone = await TestApp.Start(cluster, new TestAppOptions { Settings = away });
        using var client = await alone.Client();

        foreach (var call in new[] { "POST connect", "GET status", "POST disconnect" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Parse(call.Split(' ')[0]), Path(call.Split(' ')[1]));
            var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.NotNull(answer.Headers.RetryAfter);
            Assert.Equal("gateway-unavailable", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        }
    }

    private static Uri Path(string name) => new($"/api/whatsapp/{name}", UriKind.Relative);

    private static Task<JsonElement> Read(HttpClient client, string name) => client.GetFromJsonAsync<JsonElement>(Path(name));

    private static async Task<JsonElement> Post(HttpClient client, string name)
    {
        var answer = await client.PostAsync(Path(name), null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
