using System.Net;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.WhatsApp.Cloud;

public sealed class CloudConfigSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string Route = "/api/whatsapp/config";

    [Fact]
    public async Task A_number_at_Meta_is_chosen_and_its_secrets_are_never_shown()
    {
        var advisor = await CloudAdvisor.Of(app, connects: false);
        var shown = await advisor.Advisor.Get(Route);
        Assert.Equal(
            $$"""{"gateway":"cloud","instance":null,"phoneNumberId":"{{advisor.Number.Id}}","wabaId":"{{advisor.Number.Account.Id}}"}""", shown.Body.GetRawText());
    }

    [Fact]
    public async Task Secrets_are_encrypted_at_rest()
    {
        var advisor = await CloudAdvisor.Of(app, connects: false);
        var stored = await app.Database.Value<string>(
            $"select access_token || app_secret || verify_token from whatsapp_cloud where phone_number_id = '{advisor.Number.Id}'");
        foreach (var secret in new[] { advisor.Number.Account.AccessToken, advisor.Number.Account.AppSecret, advisor.VerifyToken })
            Assert.DoesNotContain(secret, stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_is_named_and_what_was_given_before_stays()
    {
        var advisor = await Advisor.Of(app);
        var nothing = await advisor.Put(Route, new { gateway = "cloud" });
        nothing.Is(HttpStatusCode.BadRequest, "validation-failed");
        Assert.Equal(["accessToken", "appSecret", "phoneNumberId", "verifyToken", "wabaId"], nothing.WrongFields);

        var cloud = await CloudAdvisor.Of(app);
        (await cloud.Advisor.Put(Route, new { accessToken = "another" })).Is(HttpStatusCode.OK);
        (await cloud.Advisor.Get("/api/whatsapp/status")).Is(HttpStatusCode.OK);
        Assert.Equal("meta-190", (await cloud.Advisor.Get("/api/whatsapp/status"))["reason"].GetString());
    }

    [Theory]
    [InlineData("phoneNumberId", "../../me")]
    [InlineData("phoneNumberId", "")]
    [InlineData("wabaId", "12a")]
    [InlineData("accessToken", "token\r\nX-Evil: 1")]
    [InlineData("appSecret", "with space")]
    [InlineData("verifyToken", "")]
    public async Task A_value_that_Meta_never_gives_is_refused(string field, string value)
    {
        var advisor = await Advisor.Of(app);
        var body = new Dictionary<string, string>
        {
            ["gateway"] = "cloud", ["phoneNumberId"] = "1", ["wabaId"] = "2", ["accessToken"] = "a", ["appSecret"] = "b", ["verifyToken"] = "c",
            [field] = value,
        };
        var refused = await advisor.Put(Route, body);
        refused.Is(HttpStatusCode.BadRequest, "validation-failed");
        Assert.Equal([field], refused.WrongFields);
    }

    [Fact]
    public async Task A_number_that_Meta_gave_one_profile_is_nobody_elses()
    {
        var owner = await CloudAdvisor.Of(app);
        var other = await Advisor.Of(app);
        (await owner.Configures(by: other)).Is(HttpStatusCode.Conflict, "phone-number-taken");
        Assert.Equal("open", (await owner.Advisor.Get("/api/whatsapp/status"))["state"].GetString());
    }

    [Fact]
    public async Task A_number_that_was_only_typed_yields_to_who_proves_it()
    {
        var typed = await CloudAdvisor.Of(app, connects: false);
        var owner = await Advisor.Of(app);

        (await typed.Configures(by: owner)).Is(HttpStatusCode.OK);
        var connected = await owner.Post("/api/whatsapp/connect");

        Assert.Equal("open", connected["state"].GetString());
        Assert.Equal("evolution", (await typed.Advisor.Get(Route))["gateway"].GetString());
        (await typed.Configures()).Is(HttpStatusCode.Conflict, "phone-number-taken");
    }

    [Fact]
    public async Task Connecting_checks_the_token_and_has_the_webhooks_come()
    {
        var advisor = await CloudAdvisor.Of(app, connects: false);
        var before = await advisor.Advisor.Get("/api/whatsapp/status");

        var connected = await advisor.Advisor.Post("/api/whatsapp/connect");
        var after = await advisor.Advisor.Get("/api/whatsapp/status");

        Assert.Equal(("close", "not-connected"), (before["state"].GetString(), before["reason"].GetString()));
        Assert.Equal("""{"state":"open","qrCode":null,"pairingCode":null}""", connected.Body.GetRawText());
        Assert.Equal(("open", $"+{advisor.Number.Phone}"), (after["state"].GetString(), after["phone"].GetString()));
        Assert.EndsWith(CloudAdvisor.Route, advisor.Number.Account.Callback, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_token_leaves_it_closed_with_the_reason()
    {
        var advisor = await CloudAdvisor.Of(app, connects: false);
        await advisor.Configures(accessToken: "wrong");
        Assert.Equal("close", (await advisor.Advisor.Post("/api/whatsapp/connect"))["state"].GetString());

        await advisor.Configures();
        Assert.Equal("open", (await advisor.Advisor.Post("/api/whatsapp/connect"))["state"].GetString());
        advisor.Number.Account.IsRevoked = true;
        var revoked = await advisor.Advisor.Get("/api/whatsapp/status");
        Assert.Equal(("close", "meta-190"), (revoked["state"].GetString(), revoked["reason"].GetString()));
    }

    [Fact]
    public async Task Disconnecting_closes_it_until_the_next_connect()
    {
        var advisor = await CloudAdvisor.Of(app);
        var closed = await advisor.Advisor.Post("/api/whatsapp/disconnect");
        var still = await advisor.Advisor.Get("/api/whatsapp/status");
        var again = await advisor.Advisor.Post("/api/whatsapp/connect");

        Assert.Equal(("close", "disconnected"), (closed["state"].GetString(), closed["reason"].GetString()));
        Assert.Equal("close", still["state"].GetString());
        Assert.Equal("open", again["state"].GetString());
    }

    [Fact]
    public async Task The_templates_are_those_at_Meta()
    {
        var advisor = await CloudAdvisor.Of(app);
        app.Simulator.Cloud.AddTemplate(advisor.Number.Account.Id, "promo", "es_AR", "Hola {{nombre}}, {{1}} y {{nombre}}", "PAUSED", "UTILITY");
        for (var index = 0; index < 120; index++)
            app.Simulator.Cloud.AddTemplate(advisor.Number.Account.Id, $"t{index}", "es_AR", "Hola");

        var templates = await advisor.Advisor.Get("/api/whatsapp/templates");

        Assert.Equal(123, templates.Body.GetArrayLength());
        var promo = templates.Body.EnumerateArray().Single(each => each.GetProperty("name").GetString() == "promo");
        Assert.Equal(
            """{"name":"promo","language":"es_AR","category":"UTILITY","status":"PAUSED","body":"Hola {{nombre}}, {{1}} y {{nombre}}","parameterCount":2}""",
            promo.GetRawText());
    }

    [Fact]
    public async Task Without_a_number_at_Meta_there_are_no_templates()
    {
        Assert.Equal("[]", (await (await Advisor.Of(app)).Get("/api/whatsapp/templates")).Body.GetRawText());
        var advisor = await CloudAdvisor.Of(app);
        advisor.Number.Account.IsRevoked = true;
        (await advisor.Advisor.Get("/api/whatsapp/templates")).Is(HttpStatusCode.Conflict, "gateway-refused");
    }

    [Fact]
    public async Task Going_back_to_Evolution_finds_the_instance_again()
    {
        var advisor = await CloudAdvisor.Of(app);
        var instance = $"shop-{advisor.Number.Id}";
        await advisor.Advisor.Put(Route, new { gateway = "evolution", instance });
        await advisor.Configures();

        var back = await advisor.Advisor.Put(Route, new { gateway = "evolution" });
        var forth = await advisor.Advisor.Put(Route, new { gateway = "cloud", phoneNumberId = advisor.Number.Id });

        Assert.Equal(instance, back["instance"].GetString());
        Assert.Equal(advisor.Number.Id, forth["phoneNumberId"].GetString());
    }
}
