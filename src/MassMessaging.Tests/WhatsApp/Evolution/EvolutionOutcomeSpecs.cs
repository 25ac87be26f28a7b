using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Evolution;

namespace MassMessaging.Tests.WhatsApp.Evolution;

public sealed class EvolutionOutcomeSpecs
{
    [Fact]
    public void A_201_with_a_key_is_accepted() =>
        Assert.Equal(new SendOutcome.Accepted("3EB0C97B44F28FFC7C85B3"), EvolutionOutcome.Of(201, Payload.Text("res-201-sendText-baileys")));

    [Fact]
    public void A_business_instance_answers_Metas_id() =>
        Assert.Equal(
            new SendOutcome.Accepted("wamid.HBgNNTQ5MTEzMzMzNDQ0NBUCABEYEjE1RkQ3QzA5RjVBMDgxMzQ2RAA="),
            EvolutionOutcome.Of(201, Payload.Text("res-201-sendText-business")));

    [Theory]
    [InlineData("""{"status":"PENDING"}""")]
    [InlineData("""{"key":{"id":7}}""")]
    [InlineData("""{"error":true,"message":"[object Object]"}""")]
    [InlineData("<html>ok</html>")]
    [InlineData("")]
    public void A_201_without_an_id_is_unknown(string body) => Assert.Equal(new SendOutcome.Unknown("no-message-id"), EvolutionOutcome.Of(201, body));

    [Theory]
    [InlineData("")]
    [InlineData("3EB0\\u0000")]
    [InlineData("3EB0\\n")]
    [InlineData("3EB0\\ud800")]
    [InlineData("3EB0\\udc00X")]
    public void A_201_with_an_id_that_cannot_be_kept_is_unknown(string id) =>
        Assert.Equal(new SendOutcome.Unknown("bad-message-id"), EvolutionOutcome.Of(201, WithId(id)));

    [Fact]
    public void An_id_has_200_characters_at_most()
    {
        Assert.IsType<SendOutcome.Accepted>(EvolutionOutcome.Of(201, WithId(new string('x', 200))));
        Assert.Equal(new SendOutcome.Unknown("bad-message-id"), EvolutionOutcome.Of(201, WithId(new string('x', 201))));
    }

    [Theory]
    [InlineData("""{"response":{"message":"\ud800"}}""")]
    [InlineData("""{"response":{"message":["\ud800"]}}""")]
    [InlineData("""{"response":{"message":[{"\ud800":1}]}}""")]
    [InlineData("""{"\ud800":{"message":"x"}}""")]
    public void Half_a_surrogate_pair_in_an_answer_is_unknown(string body) =>
        Assert.Equal(new SendOutcome.Unknown("gateway-answered-400"), EvolutionOutcome.Of(400, body));

    [Theory]
    [InlineData(131026)]
    [InlineData(131047)]
    [InlineData(130472)]
    public void Metas_refusal_comes_as_201_and_is_final(int code)
    {
        var refused = Assert.IsType<SendOutcome.Refused>(EvolutionOutcome.Of(201, Meta(code)));
        Assert.Equal(($"meta-{code}", Meta(code)), (refused.Code, refused.Body));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(80007)]
    [InlineData(130429)]
    public void Metas_rate_limit_throttles(int code) => Assert.IsType<SendOutcome.Throttled>(EvolutionOutcome.Of(201, Meta(code)));

    [Theory]
    [InlineData(0)]
    [InlineData(190)]
    [InlineData(10)]
    [InlineData(250)]
    [InlineData(131031)]
    [InlineData(131048)]
    [InlineData(368)]
    public void What_only_a_person_can_mend_at_Meta_stops_the_instance(int code) =>
        Assert.Equal(new SendOutcome.InstanceGone($"meta-{code}"), EvolutionOutcome.Of(201, Meta(code)));

    [Theory]
    [InlineData(2)]
    [InlineData(131016)]
    [InlineData(131057)]
    public void Meta_in_maintenance_is_an_instance_that_is_down(int code) =>
        Assert.Equal(new SendOutcome.InstanceDown($"meta-{code}"), EvolutionOutcome.Of(201, Meta(code)));

    [Fact]
    public void Metas_pair_limit_holds_one_person() =>
        Assert.Equal(new SendOutcome.RecipientHeld("pair-limit"), EvolutionOutcome.Of(201, Meta(131056)));

    [Fact]
    public void A_template_that_Meta_does_not_have_stops_its_campaign() =>
        Assert.Equal(new SendOutcome.MessageStopped("meta-132001"), EvolutionOutcome.Of(201, Meta(132001)));

    [Fact]
    public void A_code_that_nobody_has_seen_is_unknown() =>
        Assert.Equal(new SendOutcome.Unknown("meta-999999"), EvolutionOutcome.Of(201, Meta(999_999)));

    [Fact]
    public void Metas_unknown_error_is_unknown() => Assert.Equal(new SendOutcome.Unknown("meta-131000"), EvolutionOutcome.Of(201, Meta(131000)));

    [Fact]
    public void A_number_without_WhatsApp_is_refused_with_the_gateways_words()
    {
        var body = Payload.Text("res-400-not-on-whatsapp");
        Assert.Equal(new SendOutcome.Refused("not-on-whatsapp", body), EvolutionOutcome.Of(400, body));
    }

    [Fact]
    public void A_recipient_that_exists_is_no_refusal() =>
        Assert.Equal(
            new SendOutcome.Unknown("gateway-answered-400"), EvolutionOutcome.Of(400, """{"response":{"message":[{"jid":"5@s","exists":true}]}}"""));

    [Fact]
    public void A_request_against_the_schema_is_our_mistake()
    {
        var body = Payload.Text("res-400-schema");
        Assert.Equal(new SendOutcome.Refused("gateway-rejected", body), EvolutionOutcome.Of(400, body));
    }

    [Theory]
    [InlineData("""["Text is required"]""")]
    [InlineData("""["Owned media must be a url or base64"]""")]
    [InlineData("\"Unexpected end of JSON input\"")]
    public void A_rule_that_we_broke_is_our_mistake(string message) =>
        Assert.Equal("gateway-rejected", Assert.IsType<SendOutcome.Refused>(EvolutionOutcome.Of(400, Enveloped(400, message))).Code);

    [Theory]
    [InlineData(500, "onWhatsApp")]
    [InlineData(400, "sendMessage")]
    [InlineData(400, "id")]
    [InlineData(500, "textMessage")]
    [InlineData(500, "find")]
    public void A_gateway_that_trips_over_a_missing_socket_sent_nothing(int status, string property)
    {
        var words = $"TypeError: Cannot read properties of undefined (reading '{property}')";
        var asText = EvolutionOutcome.Of(status, Enveloped(status, $"\"{words}\""));
        var asList = EvolutionOutcome.Of(status, Enveloped(status, $"[\"{words}\"]"));
        Assert.Equal(new SendOutcome.InstanceDown("instance-not-connected"), asText);
        Assert.Equal(new SendOutcome.InstanceDown("instance-not-connected"), asList);
    }

    [Fact]
    public void A_closed_socket_before_sending_is_an_instance_that_is_down() =>
        Assert.Equal(new SendOutcome.InstanceDown("connection-closed"), EvolutionOutcome.Of(500, Payload.Text("res-500-connection-closed")));

    [Theory]
    [InlineData("Error: Timed Out", "gateway-timed-out")]
    [InlineData("Error: Connection Closed", "connection-closed")]
    [InlineData("TypeError: Cannot read properties of undefined (reading 'message')", "gateway-answered-400")]
    [InlineData("Error: something nobody has seen", "gateway-answered-400")]
    public void A_fault_while_sending_is_unknown(string words, string reason) =>
        Assert.Equal(new SendOutcome.Unknown(reason), EvolutionOutcome.Of(400, Enveloped(400, $"[\"{words}\"]")));

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(403)]
    [InlineData(413)]
    [InlineData(302)]
    public void A_status_that_the_gateway_never_gives_is_unknown(int status) =>
        Assert.Equal(new SendOutcome.Unknown($"gateway-answered-{status}"), EvolutionOutcome.Of(status, "<html>proxy</html>"));

    [Fact]
    public void A_wrong_key_stops_the_instance() =>
        Assert.Equal(new SendOutcome.InstanceGone("gateway-key-refused"), EvolutionOutcome.Of(401, Payload.Text("res-401")));

    [Fact]
    public void A_missing_instance_stops_it() =>
        Assert.Equal(new SendOutcome.InstanceGone("instance-missing"), EvolutionOutcome.Of(404, Payload.Text("res-404-instance")));

    [Fact]
    public void Too_many_requests_throttle_for_as_long_as_told() =>
        Assert.Equal(new SendOutcome.Throttled(TimeSpan.FromSeconds(7)), EvolutionOutcome.Of(429, "", TimeSpan.FromSeconds(7)));

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"response":null}""")]
    [InlineData("""{"response":{"message":[]}}""")]
    [InlineData("""{"response":{"message":[null]}}""")]
    [InlineData("""{"status":400,"error":"Bad Request","message":[["un-enveloped"]]}""")]
    [InlineData("""{"status":400,"error":"x","message":"y","details":{"whatsapp_code":1}}""")]
    public void A_400_of_any_other_shape_is_unknown(string body) =>
        Assert.Equal(new SendOutcome.Unknown("gateway-answered-400"), EvolutionOutcome.Of(400, body));

    private static string WithId(string id) => $$$"""{"key":{"id":"{{{id}}}"}}""";

    private static string Meta(int code) => $$"""{"message":"(#{{code}}) no","type":"OAuthException","code":{{code}},"fbtrace_id":"A"}""";

    private static string Enveloped(int status, string message) => $$$"""{"status":{{{status}}},"error":"x","response":{"message":{{{message}}}}}""";
}
