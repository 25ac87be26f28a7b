namespace MassMessaging.Tests.Simulator;

/// <summary>The shapes of every refusal, byte by byte.</summary>
public sealed class ErrorBodySpecs
{
    [Fact]
    public async Task An_unknown_instance_is_a_404_even_without_a_key()
    {
        await using var gateway = await SimulatedGateway.Open();

        var answer = await gateway.Post("/message/sendText/ghost", "{}", key: "");

        Assert.Equal(404, answer.Status);
        Assert.Equal("""{"status":404,"error":"Not Found","response":{"message":["The \"ghost\" instance does not exist"]}}""", answer.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task A_missing_or_wrong_key_is_a_401_whose_message_is_a_text(string key)
    {
        await using var gateway = await SimulatedGateway.Open();

        var answer = await gateway.Get($"/instance/connectionState/{SimulatedGateway.Instance}", key);

        Assert.Equal(401, answer.Status);
        Assert.Equal("""{"status":401,"error":"Unauthorized","response":{"message":"Unauthorized"}}""", answer.Text);
    }

    [Fact]
    public async Task A_name_in_use_is_a_403_before_the_key_is_looked_at()
    {
        await using var gateway = await SimulatedGateway.Open();

        var answer = await gateway.Post("/instance/create", """{"instanceName":"advisor-0042","integration":"WHATSAPP-BAILEYS"}""", key: "wrong");

        Assert.Equal(403, answer.Status);
        Assert.Equal("""{"status":403,"error":"Forbidden","response":{"message":["This name \"advisor-0042\" is already in use."]}}""", answer.Text);
    }

    [Fact]
    public async Task An_unknown_route_is_a_404_that_names_it()
    {
        await using var gateway = await SimulatedGateway.Start();

        var answer = await gateway.Get("/nope");

        Assert.Equal("""{"status":404,"error":"Not Found","response":{"message":["Cannot GET /nope"]}}""", answer.Text);
    }

    [Fact]
    public async Task A_schema_failure_is_an_array_inside_an_array()
    {
        await using var gateway = await SimulatedGateway.Open();

        var answer = await gateway.Post("/message/sendText/advisor-0042", """{"number":5491133334444}""");

        Assert.Equal(400, answer.Status);
        Assert.Equal(
            """{"status":400,"error":"Bad Request","response":{"message":[["Invalid format","instance requires property \"text\""]]}}""", answer.Text);
    }

    [Fact]
    public async Task A_business_rule_is_an_array_of_one_text()
    {
        await using var gateway = await SimulatedGateway.Open();

        var answer = await gateway.SendText(text: "  ");

        Assert.Equal("""{"status":400,"error":"Bad Request","response":{"message":["Text is required"]}}""", answer.Text);
    }

    [Fact]
    public async Task A_number_that_is_not_on_WhatsApp_is_an_object_in_the_array()
    {
        await using var gateway = await SimulatedGateway.Open();
        gateway.Host.Faults.Set(new(MassMessaging.Simulator.FaultKind.NotOnWhatsapp));

        var answer = await gateway.SendText("34600110000");

        Assert.Equal(
            """{"status":400,"error":"Bad Request","response":{"message":[{"jid":"34600110000@s.whatsapp.net","exists":false,"number":"34600110000"}]}}""",
            answer.Text);
    }

    [Fact]
    public async Task An_unhandled_exception_is_a_500_whose_message_is_a_text()
    {
        await using var gateway = await SimulatedGateway.Open();
        gateway.Host.Faults.Set(new(MassMessaging.Simulator.FaultKind.ConnectionClosed));

        var answer = await gateway.SendText();

        Assert.Equal(500, answer.Status);
        Assert.Equal("""{"status":500,"error":"Internal Server Error","response":{"message":"Connection Closed"}}""", answer.Text);
    }

    [Fact]
    public async Task Malformed_JSON_is_a_400_that_calls_itself_an_internal_error_and_comes_before_every_guard()
    {
        await using var gateway = await SimulatedGateway.Start();

        var answer = await gateway.Post("/message/sendText/ghost", """{"number":"54911""", key: "");

        Assert.Equal(400, answer.Status);
        Assert.Equal("""{"status":400,"error":"Internal Server Error","response":{"message":"Unexpected end of JSON input"}}""", answer.Text);
    }

    [Fact]
    public async Task A_body_that_is_not_declared_as_JSON_is_an_empty_one()
    {
        await using var gateway = await SimulatedGateway.Open();

        var answer = await gateway.Call(HttpMethod.Post, "/message/sendText/advisor-0042", """{"number":"1","text":"a"}""", contentType: "text/plain");

        Assert.Equal(
            """{"status":400,"error":"Bad Request","response":{"message":[["instance requires property \"number\"","instance requires property \"text\""]]}}""",
            answer.Text);
    }

    [Fact]
    public async Task The_number_check_alone_answers_without_the_envelope()
    {
        await using var gateway = await SimulatedGateway.Start();
        await gateway.Create("fresh");

        var invalid = await gateway.Post("/chat/whatsappNumbers/fresh", """{"numbers":[1]}""");
        var neverConnected = await gateway.Post("/chat/whatsappNumbers/fresh", """{"numbers":["5491133334444"]}""");

        Assert.Equal("""{"status":400,"error":"Bad Request","message":[["\"numbers\" must be an array of numeric strings"]]}""", invalid.Text);
        Assert.Equal((400, "{}"), (neverConnected.Status, neverConnected.Text));
    }

    [Fact]
    public async Task A_restart_of_a_closed_instance_swallows_its_exception()
    {
        await using var gateway = await SimulatedGateway.Start();
        await gateway.Create("fresh");

        var answer = await gateway.Post("/instance/restart/fresh", "{}");

        Assert.Equal((200, """{"error":true,"message":"[object Object]"}"""), (answer.Status, answer.Text));
    }
}
