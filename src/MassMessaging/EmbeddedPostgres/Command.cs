using System.ComponentModel;
using System.Diagnostics;

namespace MassMessaging.EmbeddedPostgres;

/// <summary>Runs other programs and finds them on PATH.</summary>
public static class Command
{
    public sealed record Ended(int ExitCode, string Output)
    {
        public bool Succeeded => ExitCode == 0;
    }

    /// <summary>Output is both streams together. A program that cannot be started ends with exit code 127, as in a shell.</summary>
    public static async Task<Ended> Run(
        IReadOnlyList<string> command, CancellationToken ct, string? workingFolder = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder ?? Path.GetTempPath(),
        };
        start.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;

        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            return await Finish(process, ct);
        }
        catch (Win32Exception missing)
        {
            return new Ended(127, missing.Message);
        }
    }

    private static async Task<Ended> Finish(Process process, CancellationToken ct)
    {
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(ct);
            var errors = process.StandardError.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return new Ended(process.ExitCode, (await output + await errors).Trim());
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>The full name of a program on PATH with its links followed, or null.</summary>
    public static string? Find(string program)
    {
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders
            .SelectMany(folder => endings.Select(ending => Path.Combine(folder, program + ending)))
            .FirstOrDefault(File.Exists);
    }

    public static string FollowLinks(string file) => File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
}
