using System.Globalization;
using System.Runtime.InteropServices;
using MassMessaging.Simulator.Control;

namespace MassMessaging.Simulator;

/// <summary>Named, so that it does not meet the service's own `Program` where both are referenced.</summary>
internal static class SimulatorProgram
{
    private static async Task<int> Main(string[] args)
    {
        if (args.Any(each => each is "--help" or "-h"))
        {
            Console.WriteLine(
                "--port N  --api-key KEY  --auto-open true|false  --magic-numbers true|false  --seed N\n"
                + "--deliver 0..1  --read 0..1  --retry-scale X  --state FILE        (docs/simulator.md)");
            return 0;
        }

        if (Read(args, out var wrong) is not { } options)
        {
            await Console.Error.WriteLineAsync(wrong);
            return 1;
        }

        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        SimulatorHost host;
        try
        {
            host = await SimulatorHost.Start(options, CancellationToken.None);
        }
        catch (IOException taken)
        {
            await Console.Error.WriteLineAsync(taken.Message);
            return 1;
        }

        await using var running = host;
        Console.WriteLine(
            $"A simulated Evolution API 2.3.6 listens on {host.Url} (apikey: {host.ApiKey})\n"
            + $"What it does and has seen: {host.Url}/simulator\n\n{Overview.ToTry(host.Url, host.ApiKey)}");
        await stopped.Task;
        return 0;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopped.TrySetResult();
        }
    }

    internal static SimulatorOptions? Read(string[] args, out string wrong)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var index = 0; index < args.Length; index++)
        {
            var parts = args[index].Split('=', 2);
            given[parts[0]] = parts.Length == 2 ? parts[1] : ++index < args.Length ? args[index] : "";
        }

        wrong = "";
        try
        {
            var defaults = new SimulatorOptions();
            return defaults with
            {
                Port = given.TryGetValue("--port", out var port) ? Whole(port) : PortOfEnvironment() ?? 8080,
                ApiKey = given.GetValueOrDefault("--api-key", defaults.ApiKey),
                AutoOpen = !given.TryGetValue("--auto-open", out var autoOpen) || bool.Parse(autoOpen),
                MagicNumbers = !given.TryGetValue("--magic-numbers", out var magic) || bool.Parse(magic),
                StateFile = given.GetValueOrDefault("--state"),
                Seed = given.TryGetValue("--seed", out var seed) ? Whole(seed) : defaults.Seed,
                Receipts = defaults.Receipts with
                {
                    Delivered = given.TryGetValue("--deliver", out var deliver) ? Number(deliver) : defaults.Receipts.Delivered,
                    Read = given.TryGetValue("--read", out var read) ? Number(read) : defaults.Receipts.Read,
                },
                Retries = defaults.Retries with { Scale = given.TryGetValue("--retry-scale", out var scale) ? Number(scale) : 1 },
            };
        }
        catch (FormatException mistake)
        {
            wrong = mistake.Message;
            return null;
        }
    }

    private static int Whole(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static int? PortOfEnvironment()
    {
        var first = Environment.GetEnvironmentVariable("ASPNETCORE_URLS")?.Split(';')[0];
        // `+` and `*` are ASP.NET Core's words for any host, and no part of a url.
        var url = first?.Replace("://+", "://any", StringComparison.Ordinal).Replace("://*", "://any", StringComparison.Ordinal);
        return Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? parsed.Port : null;
    }
}
