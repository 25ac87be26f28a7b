namespace MassMessaging.Tests.Simulator;

public sealed class InstanceSpecs
{
    [Fact]
    public async Task A_created_instance_is_closed_and_answers_its_token_as_hash()
    {
        await using var gateway = await SimulatedGateway.Start();

        var answer = await gateway.Create("advisor-0042", more: ""","token":"0c6f0d0e" """);

        Assert.Equal(201, answer.Status);
        Assert.Equal("close", answer.Json.GetProperty("instance").GetProperty("status").GetString());
        Assert.Equal("0c6f0d0e", answer.Json.GetProperty("hash").GetString());
    }

    [Theory]
    [InlineData("""{"instanceName":"a"}""", "Invalid integration")]
    [InlineData("""{"instanceName":"a","integration":"TELEGRAM"}""", "Invalid integration")]
    [InlineData("""{"instanceName":"a","integration":"WHATSAPP-BUSINESS"}""", "token is required")]
    [InlineData("""{"instanceName":"a","integration":"WHATSAPP-BUSINESS","token":"t"}""", "number is required")]
    [InlineData("""{"instanceName":"a","integration":"WHATSAPP-BAILEYS","webhook":{"url":"http://x.y"}}""", "Cannot read properties of undefined (reading 'length')")]
    public async Task What_create_refuses_leaves_no_instance(string body, string message)
    {
        await using var gateway = await SimulatedGateway.Start();

        var answer = await gateway.Post("/instance/create", body);

        Assert.Equal(400, answer.Status);
        Assert.Equal(message, answer.Json.GetProperty("response").GetProperty("message")[0].GetString());
        Assert.Equal(404, (await gateway.Get("/instance/connectionState/a")).Status);
    }

    [Fact]
    public async Task Create_needs_the_global_key()
    {
        await using var gateway = await SimulatedGateway.Start();
        await gateway.Create("first", more: ""","token":"own" """);

        var answer = await gateway.Post("/instance/create", """{"instanceName":"second","integration":"WHATSAPP-BAILEYS"}""", key: "own");

        Assert.Equal(401, answer.Status);
    }

    [Fact]
    public async Task An_instance_token_opens_its_own_instance_and_lists_only_that()
    {
        await using var gateway = await SimulatedGateway.Start();
        await gateway.Create("first", more: ""","token":"own" """);
        await gateway.Create("second");

        Assert.Equal(200, (await gateway.Get("/instance/connectionState/first", "own")).Status);
        Assert.Equal(401, (await gateway.Get("/instance/connectionState/second", "own")).Status);
        var listed = await gateway.Get("/instance/fetchInstances", "own");
        Assert.Equal(["first"], listed.Json.EnumerateArray().Select(each => each.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task A_query_lets_a_token_reach_another_instance()
    {
        await using var gateway = await SimulatedGateway.Start();
        await gateway.Create("first", more: ""","token":"own" """);
        await gateway.Create("second");

        var answer = await gateway.Get("/instance/connectionState/first?instanceName=second", "own");

        Assert.Equal("second", answer.Json.GetProperty("instance").GetProperty("instanceName").GetString());
    }

    [Fact]
    public async Task Fetching_an_unknown_name_is_a_404()
    {
        await using var gateway = await SimulatedGateway.Start();

        var answer = await gateway.Get("/instance/fetchInstances?instanceName=ghost");

        Assert.Equal("""{"status":404,"error":"Not Found","response":{"message":["Instance \"ghost\" not found"]}}""", answer.Text);
    }

    [Fact]
    public async Task Connect_shows_a_code_and_opens_by_itself()
    {
        await using var gateway = await SimulatedGateway.Start();
        await gateway.Create("advisor-0042");

        var code = await gateway.Get("/instance/connect/advisor-0042");
        await gateway.Host.Settled(CancellationToken.None);
        var state = await gateway.Get("/instance/connectionState/advisor-0042");

        Assert.StartsWith("data:image/png;base64,", code.Json.GetProperty("base64").GetString(), StringComparison.Ordinal);
        Assert.Equal("""{"instance":{"instanceName":"advisor-0042","state":"open"}}""", state.Text);
    }

    [Fact]
    public async Task Without_auto_open_a_person_scans()
    {
        await using var gateway = await SimulatedGateway.Start(options => options with { AutoOpen = false });
        await gateway.Create("advisor-0042");
        await gateway.Get("/instance/connect/advisor-0042");

        Assert.Equal("connecting", await State(gateway));
        await gateway.Post("/simulator/instances/advisor-0042/scan", "");
        Assert.Equal("open", await State(gateway));
    }

    [Fact]
    public async Task Log_out_closes_and_a_second_one_is_refused()
    {
        await using var gateway = await SimulatedGateway.Open();

        var first = await gateway.Delete("/instance/logout/advisor-0042");
        var second = await gateway.Delete("/instance/logout/advisor-0042");

        Assert.Equal("""{"status":"SUCCESS","error":false,"response":{"message":"Instance logged out"}}""", first.Text);
        Assert.Equal("""{"status":400,"error":"Bad Request","response":{"message":["The \"advisor-0042\" instance is not connected"]}}""", second.Text);
        Assert.Equal("close", await State(gateway));
    }

    [Fact]
    public async Task A_deleted_instance_is_gone_and_its_ledger_stays()
    {
        await using var gateway = await SimulatedGateway.Open();
        await gateway.SendText();

        var deleted = await gateway.Delete("/instance/delete/advisor-0042");

        Assert.Equal("""{"status":"SUCCESS","error":false,"response":{"message":"Instance deleted"}}""", deleted.Text);
        Assert.Equal(404, (await gateway.SendText()).Status);
        Assert.Single(gateway.Host.Ledger.Entries);
    }

    [Fact]
    public async Task Settings_want_all_six_switches()
    {
        await using var gateway = await SimulatedGateway.Open();

        var some = await gateway.Post("/settings/set/advisor-0042", """{"rejectCall":true}""");
        var all = await gateway.Post(
            "/settings/set/advisor-0042",
            """{"rejectCall":true,"groupsIgnore":true,"alwaysOnline":false,"readMessages":false,"readStatus":false,"syncFullHistory":false}""");

        Assert.Equal(5, some.Json.GetProperty("response").GetProperty("message")[0].GetArrayLength());
        Assert.Equal(201, all.Status);
        Assert.True(all.Json.GetProperty("settings").GetProperty("settings").GetProperty("rejectCall").GetBoolean());
    }

    [Fact]
    public async Task The_root_tells_that_the_gateway_is_alive_without_a_key()
    {
        await using var gateway = await SimulatedGateway.Start();

        var answer = await gateway.Get("/", key: "");

        Assert.Equal(200, answer.Status);
        Assert.Equal("2.3.6", answer.Json.GetProperty("version").GetString());
    }

    private static async Task<string?> State(SimulatedGateway gateway) =>
        (await gateway.Get("/instance/connectionState/advisor-0042")).Json.GetProperty("instance").GetProperty("state").GetString();
}
