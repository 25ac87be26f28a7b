namespace MassMessaging.Tests.Simulator;

public sealed class WebhookSettingsSpecs
{
    [Fact]
    public async Task The_wrapper_is_required()
    {
        await using var gateway = await SimulatedGateway.Open();

        var answer = await Set(gateway, """{"enabled":true,"url":"http://x.y","events":[]}""");

        Assert.Equal("""{"status":400,"error":"Bad Request","response":{"message":[["instance requires property \"webhook\""]]}}""", answer.Text);
    }

    [Fact]
    public async Task Enabled_and_url_are_required()
    {
        await using var gateway = await SimulatedGateway.Open();

        var answer = await Set(gateway, """{"webhook":{"events":[]}}""");

        Assert.Equal(
            """{"status":400,"error":"Bad Request","response":{"message":[["webhook requires property \"enabled\"","webhook requires property \"url\""]]}}""",
            answer.Text);
    }

    [Fact]
    public async Task Without_events_an_enabled_webhook_crashes()
    {
        await using var gateway = await SimulatedGateway.Open();

        var answer = await Set(gateway, """{"webhook":{"enabled":true,"url":"http://x.y"}}""");

        Assert.Equal(
            """{"status":500,"error":"Internal Server Error","response":{"message":"Cannot read properties of undefined (reading 'length')"}}""", answer.Text);
    }

    [Fact]
    public async Task An_unknown_event_is_refused_with_the_list()
    {
        await using var gateway = await SimulatedGateway.Open();

        var answer = await Set(gateway, """{"webhook":{"enabled":true,"url":"http://x.y","events":["GROUPS_UPDATE"]}}""");

        Assert.Equal(400, answer.Status);
        Assert.StartsWith(
            "webhook.events[0] is not one of enum values: APPLICATION_STARTUP,",
            answer.Json.GetProperty("response").GetProperty("message")[0][0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_events_means_all_31()
    {
        await using var gateway = await SimulatedGateway.Open();

        var answer = await Set(gateway, """{"webhook":{"enabled":true,"url":"http://x.y","events":[]}}""");

        Assert.Equal(201, answer.Status);
        Assert.Equal(31, answer.Json.GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task A_disabled_webhook_loses_its_events()
    {
        await using var gateway = await SimulatedGateway.Open();
        await Set(gateway, """{"webhook":{"enabled":true,"url":"http://x.y","events":[]}}""");

        var answer = await Set(gateway, """{"webhook":{"enabled":false,"url":"http://x.y"}}""");

        Assert.Equal(0, answer.Json.GetProperty("events").GetArrayLength());
    }

    [Fact]
    public async Task What_is_left_out_keeps_its_value_and_the_old_names_are_ignored()
    {
        await using var gateway = await SimulatedGateway.Open();
        await Set(gateway, """{"webhook":{"enabled":true,"url":"http://x.y","byEvents":true,"headers":{"X-Secret":"a"},"events":[]}}""");

        await Set(gateway, """{"webhook":{"enabled":true,"url":"http://x.z","webhookByEvents":false,"events":["SEND_MESSAGE"]}}""");
        var found = await gateway.Get("/webhook/find/advisor-0042");

        Assert.True(found.Json.GetProperty("webhookByEvents").GetBoolean());
        Assert.Equal("a", found.Json.GetProperty("headers").GetProperty("X-Secret").GetString());
        Assert.Equal("http://x.z", found.Json.GetProperty("url").GetString());
    }

    [Fact]
    public async Task An_instance_without_a_webhook_finds_null()
    {
        await using var gateway = await SimulatedGateway.Open();

        Assert.Equal("null", (await gateway.Get("/webhook/find/advisor-0042")).Text);
    }

    [Fact]
    public async Task The_url_is_not_checked()
    {
        await using var gateway = await SimulatedGateway.Open();

        Assert.Equal(201, (await Set(gateway, """{"webhook":{"enabled":true,"url":"not-a-url","events":[]}}""")).Status);
    }

    private static Task<Answer> Set(SimulatedGateway gateway, string body) => gateway.Post("/webhook/set/advisor-0042", body);
}
