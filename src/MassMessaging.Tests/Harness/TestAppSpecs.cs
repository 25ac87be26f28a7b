using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Harness;

public sealed class TestAppSpecs(TestApp app, TestCluster cluster) : IClassFixture<TestApp>
{
    [Fact]
    public async Task The_service_answers_on_a_real_port_and_knows_who_signed_in()
    {
        var nobody = await app.Anonymous().GetAsync(new Uri("/api/profile", UriKind.Relative));
        var advisor = await (await app.Client()).GetFromJsonAsync<JsonElement>("/api/profile");

        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        Assert.Equal(JsonValueKind.String, advisor.GetProperty("id").ValueKind);
    }

    [Fact]
    public async Task Nothing_is_left_after_a_drain() => await app.Drain();

    [Fact]
    public async Task A_spec_may_hold_the_clock()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 15, 0, 0, TimeSpan.Zero));
        await using var held = await TestApp.Start(cluster, new TestAppOptions { Clock = clock });

        Assert.Same(clock, held.Services.GetRequiredService<TimeProvider>());
    }
}
