using System.Net;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Health;

public sealed class HealthSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task A_service_with_its_database_is_live_and_ready()
    {
        using var client = app.Anonymous();

        Assert.Equal("healthy", (await client.Get("/health/live")).GetProperty("status").GetString());
        Assert.Equal("healthy", (await client.Get("/health/ready")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_service_whose_migrations_are_pending_is_not_ready()
    {
        using var client = app.Anonymous();
        await app.Database.Execute("delete from migration where name = '0010_profiles'");
        try
        {
            using var answer = await client.GetAsync("/health/ready");

            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Contains("0010_profiles", (await answer.Json()).GetProperty("reasons")[0].GetString(), StringComparison.Ordinal);
            Assert.Equal("healthy", (await client.Get("/health/live")).GetProperty("status").GetString());
        }
        finally
        {
            await app.Database.Execute("insert into migration (name, applied_at) values ('0010_profiles', now())");
        }
    }
}
