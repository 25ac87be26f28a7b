using System.Diagnostics;
using MassMessaging.EmbeddedPostgres;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.EmbeddedPostgres;

public sealed class ServiceWithItsOwnServerSpecs : IDisposable
{
    private readonly ServerScratch scratch = new();
    private readonly ServerFolder folder;

    public ServiceWithItsOwnServerSpecs() => folder = new ServerFolder(scratch.Path, ServerUser.Needed());

    [Fact]
    public async Task Stopping_the_service_stops_its_server()
    {
        await using var service = await Start();
        using var postmaster = Process.GetProcessById(Postmaster.Of(folder)!.ProcessId);

        Assert.Equal(0, await service.Interrupt());

        Assert.True(postmaster.HasExited);
    }

    [Fact]
    public async Task A_killed_service_finds_its_server_again_and_stops_it_in_the_end()
    {
        await using (var killed = await Start()) await killed.Kill9();
        var left = Postmaster.Of(folder)!.ProcessId;

        await using var again = await Start();
        Assert.Equal(left, Postmaster.Of(folder)!.ProcessId);

        Assert.Equal(0, await again.Terminate());
        Assert.Null(Postmaster.Of(folder));
    }

    [Fact]
    public async Task An_interrupted_start_leaves_no_server_and_the_next_one_works()
    {
        await using (var interrupted = ServiceProcess.Launch(Environment, ServiceProcess.FreePort()))
        {
            await Eventually.True(
                () => Task.FromResult(File.Exists(Path.Combine(folder.Unfinished, "PG_VERSION"))), TimeSpan.FromSeconds(60), "initdb has begun");

            await interrupted.Interrupt();
        }

        Assert.Null(Postmaster.Of(folder));
        await Eventually.True(() => Task.FromResult(!ServersIn(folder.Unfinished).Any()), TimeSpan.FromSeconds(10), "initdb's processes are gone");
        await using var again = await Start();
        Assert.Equal(PostmasterState.Runs, Postmaster.Of(folder)!.State(folder));
    }

    private static IEnumerable<int> ServersIn(string data) => Process.GetProcesses()
        .Where(process => process.ProcessName.StartsWith("postgres", StringComparison.Ordinal))
        .Where(process => WorkingFolder(process.Id) == data)
        .Select(process => process.Id);

    private static string? WorkingFolder(int process)
    {
        try
        {
            return Directory.ResolveLinkTarget($"/proc/{process}/cwd", returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            return null; // it has ended meanwhile
        }
    }

    public void Dispose() => scratch.Dispose();

    private Dictionary<string, string> Environment => new()
    {
        ["DATA_FOLDER"] = scratch.DataFolder,
        ["EVOLUTION_API_URL"] = "http://127.0.0.1:9", // nobody: nothing is sent here
        ["EVOLUTION_API_KEY"] = "none",
    };

    private Task<ServiceProcess> Start() => ServiceProcess.Start(Environment);
}
