namespace MassMessaging.Tests.Harness;

public sealed class ServiceProcessSpecs(TestDatabase database) : IClassFixture<TestDatabase>
{
    private Dictionary<string, string> Environment => new() { ["ConnectionStrings__Postgres"] = database.ConnectionString };

    [Fact]
    public async Task The_service_runs_as_a_process_and_ends_when_asked()
    {
        await using var service = await ServiceProcess.Start(Environment);

        Assert.Equal(0, await service.Terminate());
    }

    [Fact]
    public async Task It_comes_back_on_its_port_after_a_kill()
    {
        var port = ServiceProcess.FreePort();
        await using (var killed = await ServiceProcess.Start(Environment, port)) await killed.Kill9();

        await using var again = await ServiceProcess.Start(Environment, port);

        Assert.False(again.HasExited);
    }

    [Fact]
    public async Task A_stopped_one_does_nothing_until_it_is_continued()
    {
        await using var service = await ServiceProcess.Start(Environment);
        using var client = new HttpClient { BaseAddress = service.Url, Timeout = TimeSpan.FromMilliseconds(300) };
        var live = new Uri("/health/live", UriKind.Relative);

        await service.Stop();
        await Assert.ThrowsAsync<TaskCanceledException>(() => client.GetAsync(live));
        await service.Continue();

        await Eventually.True(async () => (await client.GetAsync(live)).IsSuccessStatusCode, TimeSpan.FromSeconds(10), "it answers again");
    }
}
