using System.Runtime.InteropServices;
using MassMessaging.Audit;
using MassMessaging.Campaigns.Restores;
using MassMessaging.Kernel;
using MassMessaging.Operations;
using MassMessaging.Profiles.SignIn;

namespace MassMessaging;

/// <summary>One command: its words behind the first one, the kernel with every feature's events and views, and Ctrl-C. Answers the exit code.</summary>
public delegate Task<int> ConsoleCommand(IReadOnlyList<string> words, IServiceProvider services, CancellationToken ct);

/// <summary>What the program does instead of serving, when its first word is one of these.</summary>
public static class Commands
{
    private static readonly Dictionary<string, ConsoleCommand> All = new(StringComparer.Ordinal)
    {
        ["audit"] = AuditCommand.Run,
        ["restored"] = RestoredCommand.Run,
        ["views"] = ViewsCommand.Run,
        ["operators"] = OperatorsCommand.Run,
    };

    public static bool Knows(string[] args) => args.Length > 0 && All.ContainsKey(args[0]);

    /// <summary>On the database that the service with the same settings works on, whether it runs or not.</summary>
    public static async Task<int> Run(string[] args)
    {
        if (AuditCommand.NeedsNoDatabase(args)) return await AuditCommand.VerifyAlone(args[2], Console.Out, CancellationToken.None);

        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var settings = Settings.Read(builder.Configuration);
        await using var surroundings = await Surroundings.StartDatabase(builder, settings);
        builder.Services.AddKernel(settings.Kernel(surroundings) with { Daemons = false }, Features.Declare);
        await using var app = builder.Build(); // never started: a command does its own work only

        using var interrupted = new CancellationTokenSource();
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Cancel(signal, interrupted));
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Cancel(signal, interrupted));
        await app.Services.GetRequiredService<Migrator>().Migrate(interrupted.Token);
        return await All[args[0]](args[1..], app.Services, interrupted.Token);
    }

    private static void Cancel(PosixSignalContext signal, CancellationTokenSource interrupted)
    {
        signal.Cancel = true;
        interrupted.Cancel();
    }
}
