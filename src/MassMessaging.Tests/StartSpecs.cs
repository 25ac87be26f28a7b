using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MassMessaging.Demo;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests;

public sealed class StartSpecs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90); // other specs share the machine

    [Fact]
    public async Task A_wrong_configuration_ends_the_start_with_every_mistake_and_no_stack_trace()
    {
        var told = await Refused(new() { ["EVOLUTION_API_URL"] = "gateway", ["RATE_LIMIT_PER_MINUTE"] = "many" });

        Assert.Contains("EVOLUTION_API_URL must be an address", told, StringComparison.Ordinal);
        Assert.Contains("EVOLUTION_API_KEY must be set", told, StringComparison.Ordinal);
        Assert.Contains("RATE_LIMIT_PER_MINUTE must be a whole number", told, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_told_in_a_sentence()
    {
        var told = await Refused(new()
        {
            ["ConnectionStrings__Postgres"] = "Host=127.0.0.1;Port=9;Username=nobody;Database=none",
            ["EVOLUTION_API_URL"] = "http://127.0.0.1:9",
            ["EVOLUTION_API_KEY"] = "none",
        });

        Assert.StartsWith("The database cannot be used", told, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_first_start_has_an_advisor_with_clients_and_a_linked_number_to_try()
    {
        using var scratch = new ServerScratch();
        await using var service = await ServiceProcess.Start(new Dictionary<string, string> { ["DATA_FOLDER"] = scratch.DataFolder });
        await Eventually.True(() => Task.FromResult(IsWelcoming(service)), Patience, "the welcome is shown");
        using var advisor = new HttpClient { BaseAddress = service.Url };
        var account = new { email = DemoAdvisor.Email, password = DemoAdvisor.Password };
        using var signedIn = await advisor.PostAsJsonAsync("/api/auth/login", account);
        advisor.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", (await signedIn.Json()).GetProperty("accessToken").GetString());

        Assert.True((await advisor.Get("/api/clients")).GetArrayLength() > 900);
        await Eventually.True(async () => await State(advisor) == "open", Patience, "the number is linked");
        Assert.Contains(DemoAdvisor.Password, service.Output, StringComparison.Ordinal);
        var pacing = await advisor.Get("/api/whatsapp/pacing");
        Assert.Equal(JsonValueKind.Object, pacing.GetProperty("canary").ValueKind);
        Assert.All(["quietHours", "similarText"], policy => Assert.Equal(JsonValueKind.Null, pacing.GetProperty(policy).ValueKind)); // at any hour
    }

    private static bool IsWelcoming(ServiceProcess service) => service.Output.Contains("Ctrl-C stops", StringComparison.Ordinal);

    private static async Task<string?> State(HttpClient advisor) =>
        (await advisor.Get("/api/whatsapp/status")).GetProperty("state").GetString();

    private static async Task<string> Refused(Dictionary<string, string> environment)
    {
        await using var service = ServiceProcess.Launch(environment, ServiceProcess.FreePort());
        await Eventually.True(() => Task.FromResult(service.HasExited), Patience, "the start has ended");
        return service.Output;
    }
}
