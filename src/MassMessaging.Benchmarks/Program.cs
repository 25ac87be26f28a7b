using MassMessaging.Benchmarks;
using MassMessaging.Benchmarks.Claims;
using MassMessaging.Benchmarks.Reads;
using MassMessaging.Benchmarks.Rebuild;

// The floor's service is this program in a process of its own, as the service under test is.
if (args is ["floor-service", var url, var postgres]) return await FloorService.Run(url, postgres);

if (args is ["claims", ..])
{
    ClaimsBenchmark.Run(args);
    return 0;
}

if (BenchmarkOptions.Of(args) is not { } options)
{
    await Console.Error.WriteLineAsync(
        "usage: dotnet run -c Release --project src/MassMessaging.Benchmarks -- <reads|rebuild> [--n clients or events] [--rate per second] [--quick] [--json]\n"
        + "       dotnet run -c Release --project src/MassMessaging.Benchmarks -- claims [--half development|held-out] [--wrong]");
    return 2;
}

var report = new Report(options.Json);
if (options.What == "rebuild") await RebuildBenchmark.Run(options, report);
else await ReadsBenchmark.Run(options, report);
return 0;
