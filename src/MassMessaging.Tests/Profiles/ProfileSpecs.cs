using System.Net;
using System.Text.Json;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Profiles;

public sealed class ProfileSpecs(TestApp app) : IClassFixture<TestApp>
{
    private const string Address = "/api/profile";

    [Fact]
    public async Task The_first_request_makes_a_mexican_profile()
    {
        var profile = await (await app.Client()).Get(Address);

        Assert.Equal("MX", profile.GetProperty("country").GetString());
        Assert.Equal("America/Mexico_City", profile.GetProperty("timeZone").GetString());
        Assert.Equal("es", profile.GetProperty("language").GetString());
        Assert.True(profile.GetProperty("identification").GetProperty("enabled").GetBoolean());
        Assert.Equal(JsonValueKind.Null, profile.GetProperty("phone").ValueKind);
    }

    [Fact]
    public async Task Many_first_requests_at_once_make_one_profile()
    {
        var client = await app.Client();

        var profiles = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.Get(Address)));

        Assert.Single(profiles.Select(profile => profile.GetProperty("id").GetGuid()).Distinct());
    }

    [Fact]
    public async Task A_phone_that_is_none_is_named_by_its_code() => Assert.Equal(
        (400, "phone-invalid"), await (await app.Client()).PutText(Address, """{"phone":"12"}""").Problem());

    [Fact]
    public async Task Two_advisors_have_two_profiles() => Assert.NotEqual(
        (await (await app.Client()).Get(Address)).GetProperty("id").GetGuid(),
        (await (await app.Client()).Get(Address)).GetProperty("id").GetGuid());

    [Fact]
    public async Task Only_the_fields_given_change()
    {
        var client = await app.Client();
        await client.PutText(Address, """{"displayName":"Ana Torres","phone":"55 1234 5678","assistant":{"specialties":["nutrición"]}}""");

        using var changed = await client.PutText(Address, """{"businessName":"Bienestar","identification":{"enabled":false}}""");
        var profile = await changed.Json();

        Assert.Equal("Ana Torres", profile.GetProperty("displayName").GetString());
        Assert.Equal("Bienestar", profile.GetProperty("businessName").GetString());
        Assert.Equal("+525512345678", profile.GetProperty("phone").GetString());
        Assert.False(profile.GetProperty("identification").GetProperty("enabled").GetBoolean());
        Assert.Equal("nutrición", profile.GetProperty("assistant").GetProperty("specialties")[0].GetString());
        Assert.Equal(profile.ToString(), (await client.Get(Address)).ToString());
    }

    [Fact]
    public async Task Null_clears_what_may_be_empty()
    {
        var client = await app.Client();
        await client.PutText(Address, """{"phone":"55 1234 5678"}""");

        using var changed = await client.PutText(Address, """{"phone":null}""");

        Assert.Equal(JsonValueKind.Null, (await changed.Json()).GetProperty("phone").ValueKind);
    }

    [Fact]
    public async Task Read_only_and_unknown_fields_are_ignored()
    {
        var client = await app.Client();
        var before = await client.Get(Address);

        using var changed = await client.PutText(Address, """{"id":"x","userId":5,"createdAt":false,"colour":"red"}""");

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(before.GetProperty("id").GetGuid(), (await changed.Json()).GetProperty("id").GetGuid());
    }

    [Fact]
    public async Task Every_wrong_field_is_named_at_once()
    {
        var client = await app.Client();
        const string wrong = """
            {"displayName":"","businessName":5,"slug":"A b","phone":"12","country":"mx","timeZone":"Mexico","language":"español",
             "identification":{"enabled":"yes","text":"{nobody}"},"assistant":{"specialties":"all"}}
            """;

        Assert.Equal(
            [
                "assistant.specialties", "businessName", "country", "displayName", "identification.enabled", "identification.text",
                "language", "phone", "slug", "timeZone",
            ],
            await client.PutText(Address, wrong).WrongFields());
    }

    [Theory]
    [InlineData("../../etc/localtime")]
    [InlineData("Central Standard Time (Mexico)")]
    [InlineData("america/mexico_city")]
    [InlineData("+05:00")]
    public async Task What_is_no_IANA_zone_is_refused(string zone)
    {
        var client = await app.Client();

        Assert.Equal(["timeZone"], await client.PutText(Address, JsonSerializer.Serialize(new { timeZone = zone })).WrongFields());
    }

    [Fact]
    public async Task A_slug_belongs_to_one_profile()
    {
        var slug = $"ana-{Guid.NewGuid():n}";
        await (await app.Client()).PutText(Address, $$"""{"slug":"{{slug}}"}""");

        Assert.Equal((409, "slug-taken"), await (await app.Client()).PutText(Address, $$"""{"slug":"{{slug}}"}""").Problem());
    }

    [Fact]
    public async Task A_change_made_on_an_old_version_is_refused()
    {
        var client = await app.Client();
        using var read = await client.GetAsync(Address);
        await client.PutText(Address, """{"displayName":"Ana"}""");
        client.DefaultRequestHeaders.IfMatch.Add(read.Headers.ETag!);

        Assert.Equal((412, "precondition-failed"), await client.PutText(Address, """{"displayName":"Eva"}""").Problem());
    }
}
