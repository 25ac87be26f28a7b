using MassMessaging.EmbeddedPostgres;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.EmbeddedPostgres;

/// <summary>With a stand-in for Docker's client: an engine is nothing that every machine has.</summary>
public sealed class DockerPostgresSpecs : IDisposable
{
    private readonly ServerScratch scratch = new();

    [Fact]
    public async Task An_engine_that_does_not_answer_counts_as_no_Docker()
    {
        var error = await Start("exit 1");

        Assert.Contains("no Docker engine answers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_container_is_open_to_this_machine_only_keeps_its_data_and_gets_the_password_unseen()
    {
        var error = await Start("""echo "$@" >> "$0.calls"; case $1 in run) echo "no space left"; exit 1;; esac""");

        var run = (await File.ReadAllLinesAsync(Client + ".calls")).Single(call => call.StartsWith("run ", StringComparison.Ordinal));
        Assert.Contains("--publish 127.0.0.1:", run, StringComparison.Ordinal);
        Assert.Contains(":/var/lib/postgresql/data", run, StringComparison.Ordinal);
        Assert.DoesNotContain(await File.ReadAllTextAsync(Path.Combine(scratch.Path, "password")), run, StringComparison.Ordinal);
        Assert.Contains("no space left", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => scratch.Dispose();

    private string Client => Path.Combine(scratch.DataFolder, "docker");

    private async Task<PostgresUnavailableException> Start(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the stand-in is a shell script");
        Directory.CreateDirectory(scratch.DataFolder);
        await File.WriteAllTextAsync(Client, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Client, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var options = new PostgresServerOptions(scratch.Path) { Sources = [PostgresSource.Docker], DockerClient = Client };
        return await Assert.ThrowsAsync<PostgresUnavailableException>(() => PostgresServer.Start(options, CancellationToken.None));
    }
}
