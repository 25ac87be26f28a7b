using System.Net;
using System.Net.Http.Json;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Profiles.ApiKeys;

public sealed class ApiKeySpecs(TestApp app, TestCluster cluster) : IClassFixture<TestApp>
{
    private const string Profile = "/api/profile";

    [Fact]
    public async Task A_key_speaks_for_its_owner()
    {
        var owner = await app.Client();
        var key = await owner.HasKey(["read"]);

        Assert.Equal($"{await owner.Get(Profile)}", $"{await app.With(key).Get(Profile)}");
    }

    [Fact]
    public async Task A_key_is_shown_once_and_kept_as_a_hash_only()
    {
        var owner = await app.Client();
        var text = (await owner.HasKey(["read", "send"])).GetProperty("key").GetString()!;

        var listed = (await owner.Get(Keys.Address))[0];

        Assert.StartsWith(listed.GetProperty("prefix").GetString()! + "_", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text[^43..], $"{listed}", StringComparison.Ordinal);
        Assert.Equal(["read", "send"], listed.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()));
        Assert.Equal(0L, await app.Database.Value<long>($"select count(*) from api_key k where k::text like '%{text[^43..]}%'"));
    }

    [Fact]
    public async Task A_revoked_key_is_refused_by_every_node_from_the_next_request_on()
    {
        await using var other = await app.Beside(cluster);
        var owner = await app.Client();
        var key = await owner.HasKey(["read"]);
        using var here = app.With(key);
        using var there = other.With(key);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync(Profile)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await there.GetAsync(Profile)).StatusCode);

        using var revoked = await owner.DeleteAsync($"{Keys.Address}/{key.GetProperty("id").GetGuid()}");

        Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        Assert.Equal((401, "not-signed-in"), await there.GetAsync(Profile).Problem());
        Assert.Equal((401, "not-signed-in"), await here.GetAsync(Profile).Problem());
        Assert.Equal(0, (await owner.Get(Keys.Address)).GetArrayLength());
        Assert.Equal((404, "not-found"), await owner.DeleteAsync($"{Keys.Address}/{key.GetProperty("id").GetGuid()}").Problem());
    }

    [Fact]
    public async Task A_key_ends_when_it_expires_and_is_used_to_the_minute()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var other = await TestApp.Start(cluster, new TestAppOptions { Clock = clock });
        var owner = await other.Client();
        var key = await owner.HasKey(["read"], clock.GetUtcNow().AddMinutes(10));
        using var client = other.With(key);
        async Task<DateTimeOffset?> LastUsed() => await other.Database.Value<DateTime?>("select last_used_at from api_key");

        await client.Get(Profile);
        var first = await LastUsed();
        clock.Advance(TimeSpan.FromSeconds(59));
        await client.Get(Profile);
        Assert.Equal(first, await LastUsed());
        clock.Advance(TimeSpan.FromSeconds(1));
        await client.Get(Profile);
        Assert.Equal(first + TimeSpan.FromMinutes(1), await LastUsed());
        clock.Advance(TimeSpan.FromMinutes(9));

        Assert.Equal((401, "not-signed-in"), await client.GetAsync(Profile).Problem());
    }

    [Fact]
    public async Task What_only_looks_like_a_key_is_refused()
    {
        var key = (await (await app.Client()).HasKey(["read"])).GetProperty("key").GetString()!;
        var last = key[^5] == 'A' ? 'B' : 'A';
        string[] forged = [$"{key[..^5]}{last}{key[^4..]}", key[..^1], key + "A", key.ToUpperInvariant(), key[..36], "mmk_", $"mmk_{Guid.NewGuid():N}{key[36..]}"];

        foreach (var text in forged) Assert.Equal((401, "not-signed-in"), await app.With(text).GetAsync(Profile).Problem());
    }

    [Theory]
    [InlineData("""{"scopes":["read"]}""", "name")]
    [InlineData("""{"name":"Zapier"}""", "scopes")]
    [InlineData("""{"name":"Zapier","scopes":[]}""", "scopes")]
    [InlineData("""{"name":"Zapier","scopes":["read","admin"]}""", "scopes")]
    [InlineData("""{"name":"Zapier","scopes":["read"],"expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt")]
    public async Task A_wrong_field_is_named(string body, string field)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        Assert.Equal([field], await (await app.Client()).PostAsync(Keys.Address, content).WrongFields());
    }

    [Fact]
    public async Task A_profile_has_at_most_fifty()
    {
        var owner = await app.Client();
        await owner.HasKey(["read"]);
        var profile = (await owner.Get(Profile)).GetProperty("id").GetGuid();
        await app.Database.Execute(
            "insert into api_key (profile_id, id, user_id, name, digest, scopes, created_at) select profile_id, gen_random_uuid(), user_id, name, "
            + $"digest, scopes, created_at from api_key, generate_series(1, 49) where profile_id = '{profile}'");

        var next = owner.PostAsJsonAsync(Keys.Address, new { name = "Zapier", scopes = (string[])["read"] });

        Assert.Equal((409, "api-keys-too-many"), await next.Problem());
    }

    [Fact]
    public async Task A_profile_has_at_most_fifty_however_many_are_asked_for_at_once()
    {
        var owner = await app.Client();
        await owner.HasKey(["read"]);
        var profile = (await owner.Get(Profile)).GetProperty("id").GetGuid();
        await app.Database.Execute(
            "insert into api_key (profile_id, id, user_id, name, digest, scopes, created_at) select profile_id, gen_random_uuid(), user_id, name, "
            + $"digest, scopes, created_at from api_key, generate_series(1, 46) where profile_id = '{profile}'");

        var asked = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => owner.PostAsJsonAsync(Keys.Address, new { name = "Zapier", scopes = (string[])["read"] })));

        Assert.Equal((3, 9), (asked.Count(answer => answer.StatusCode == HttpStatusCode.Created), asked.Count(answer => answer.StatusCode == HttpStatusCode.Conflict)));
        Assert.Equal(50, await app.Database.Value<long>($"select count(*) from api_key where profile_id = '{profile}'"));
    }

    [Fact]
    public async Task What_a_key_did_has_its_name_as_the_actor()
    {
        var owner = await app.Client();
        var key = await owner.HasKey(["read", "write"]);
        using var client = app.With(key);
        using var made = await client.PostAsJsonAsync("/api/campaigns", new { name = "Marzo", objective = "ventas", messageContent = "Hola" });
        var campaign = (await made.Json()).GetProperty("id").GetGuid();

        var events = await owner.Get($"/api/audit/campaigns/{campaign}");

        Assert.Equal($"key:{key.GetProperty("id").GetGuid()}", events[0].GetProperty("actor").GetString());
    }
}
