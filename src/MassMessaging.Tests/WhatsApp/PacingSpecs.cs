using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.WhatsApp;

public sealed class PacingSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string Pacing = "/api/whatsapp/pacing";

    private const string Default =
        """
        {"messages":50,"perSeconds":60,"spread":true,"jitter":0.2,"burst":null,"maxInFlight":null,"dailyCap":null,"warmUp":null,"quietHours":null,"frequencyCap":null,"canary":null,"breaker":{"minSample":20,"failedRatio":0.5,"coolDownSeconds":300},"similarText":null,"replyLane":false}
        """;

    [Fact]
    public async Task A_new_profile_has_everything_off_but_the_breaker()
    {
        using var client = await app.Client();
        Assert.Equal(Default.Trim(), (await client.GetFromJsonAsync<JsonElement>(Pacing)).GetRawText());
    }

    [Fact]
    public async Task What_is_given_changes_and_the_rest_stays()
    {
        using var client = await app.Client();
        var quietHours = new { from = "21:00", to = "08:00", days = new[] { "sun" } };
        await client.PutAsJsonAsync(Pacing, new { messages = 10, perSeconds = 5, dailyCap = 200, quietHours });

        await client.PutAsJsonAsync(Pacing, new { breaker = (object?)null, burst = 3 });

        var pacing = await client.GetFromJsonAsync<JsonElement>(Pacing);
        Assert.Equal(
            """
            {"messages":10,"perSeconds":5,"spread":true,"jitter":0.2,"burst":3,"maxInFlight":null,"dailyCap":200,"warmUp":null,"quietHours":{"from":"21:00","to":"08:00","days":["sun"]},"frequencyCap":null,"canary":null,"breaker":null,"similarText":null,"replyLane":false}
            """.Trim(),
            pacing.GetRawText());
    }

    [Fact]
    public async Task Every_policy_is_kept_as_it_was_given()
    {
        const string whole =
            """
            {"messages":100,"perSeconds":60,"spread":false,"jitter":0,"burst":20,"maxInFlight":4,"dailyCap":500,"warmUp":{"numberSince":"2026-01-01T00:00:00.000Z","firstDay":20,"growth":1.5,"ceiling":1000},"quietHours":{"from":"21:00","to":"08:30","days":["sat","sun"]},"frequencyCap":{"messages":2,"perDays":7},"canary":{"first":20,"waitSeconds":600,"maxFailedRatio":0.2},"breaker":{"minSample":10,"failedRatio":0.4,"coolDownSeconds":60},"similarText":{"minSample":50,"maxShare":0.8},"replyLane":true}
            """;
        using var client = await app.Client();
        using var body = new StringContent(whole.Trim(), System.Text.Encoding.UTF8, "application/json");

        (await client.PutAsync(new Uri(Pacing, UriKind.Relative), body)).EnsureSuccessStatusCode();

        Assert.Equal(whole.Trim(), (await client.GetFromJsonAsync<JsonElement>(Pacing)).GetRawText());
    }

    [Fact]
    public async Task The_set_that_the_documentation_recommends_is_taken_as_it_stands()
    {
        var documentation = await File.ReadAllTextAsync(Path.Combine(Sources.Root, "docs", "api.md"));
        var from = documentation.IndexOf("{\"messages\": 50", StringComparison.Ordinal);
        using var recommended = JsonDocument.Parse(documentation[from..documentation.IndexOf("```", from, StringComparison.Ordinal)]);
        using var client = await app.Client();

        var taken = await client.PutAsJsonAsync("/api/whatsapp/pacing", recommended.RootElement);

        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        var kept = await taken.Content.ReadFromJsonAsync<JsonElement>();
        Assert.All(recommended.RootElement.EnumerateObject(), rule => Assert.NotEqual(JsonValueKind.Null, kept.GetProperty(rule.Name).ValueKind));
    }

    [Fact]
    public async Task Every_wrong_field_is_named_and_nothing_is_changed()
    {
        using var client = await app.Client();

        var answer = await client.PutAsJsonAsync(Pacing, new
        {
            messages = 0, perSeconds = 1.5, spread = "yes", jitter = 2, burst = 60, maxInFlight = 65,
            warmUp = new { firstDay = -1 }, quietHours = new { from = "25:00", days = new[] { "lun" } }, canary = 7,
        });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(
            [
                "burst", "canary", "jitter", "maxInFlight", "messages", "perSeconds", "quietHours.days", "quietHours.from", "quietHours.to", "spread",
                "warmUp.ceiling", "warmUp.firstDay", "warmUp.growth", "warmUp.numberSince",
            ],
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject()
                .Select(error => error.Name).Order(StringComparer.Ordinal));
        Assert.Equal(Default.Trim(), (await client.GetFromJsonAsync<JsonElement>(Pacing)).GetRawText());
    }
}
