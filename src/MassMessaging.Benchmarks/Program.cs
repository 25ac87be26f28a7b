using MassMessaging.Benchmarks;
using MassMessaging.Benchmarks.Claims;
using MassMessaging.Benchmarks.Growth;
using MassMessaging.Benchmarks.Launch;
using MassMessaging.Benchmarks.Reads;
using MassMessaging.Benchmarks.Rebuild;
using MassMessaging.Benchmarks.Sending;
using MassMessaging.Benchmarks.Webhooks;

// What stands beside the service under test is this program again, in a process of its own, as the service is.
if (args is ["floor-service", var url, var postgres]) return await FloorService.Run(url, postgres);
if (args is ["gateway", var at]) return await GatewayService.Run(at);
if (args is ["webhook-floor", var address]) return await WebhookFloor.Run(address);
if (args is ["webhook-load", var order]) return await WebhookLoad.Run(order);

if (args is ["claims", ..])
{
    ClaimsBenchmark.Run(args);
    return 0;
}

// In the order in which `all` runs them.
(string Name, Func<BenchmarkOptions, Report, Task> Run)[] benchmarks =
[
    ("launch", LaunchBenchmark.Run),
    ("dispatch", DispatchBenchmark.Run),
    ("single-lane", DispatchBenchmark.RunSingleLane),
    ("webhooks", WebhooksBenchmark.Run),
    ("rebuild", RebuildBenchmark.Run),
    ("reads", ReadsBenchmark.Run),
    ("latency", LatencyBenchmark.Run),
    ("growth", GrowthBenchmark.Run),
];

var named = benchmarks.Where(benchmark => args is [var name, ..] && (name == "all" || name == benchmark.Name)).ToList();
if (named.Count == 0 || BenchmarkOptions.Of(args[1..]) is not { } options)
{
    await Console.Error.WriteLineAsync(
        $"usage: dotnet run -c Release --project src/MassMessaging.Benchmarks -- <{string.Join('|', benchmarks.Select(known => known.Name))}|all> "
        + "[--n recipients, clients or events] [--quick] [--json] [--rate per second, of reads] [--postgres setting=value]…\n"
        + "       dotnet run -c Release --project src/MassMessaging.Benchmarks -- claims [--half development|held-out] [--wrong]");
    return 2;
}

var report = new Report(options.Json);
foreach (var benchmark in named) await benchmark.Run(options, report);
return 0;
