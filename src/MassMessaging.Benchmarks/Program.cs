using MassMessaging.Benchmarks;
using MassMessaging.Benchmarks.Reads;

// The floor's service is this program in a process of its own, as the service under test is.
if (args is ["floor-service", var url, var postgres]) return await FloorService.Run(url, postgres);

if (BenchmarkOptions.Of(args) is not { } options)
{
    await Console.Error.WriteLineAsync("usage: dotnet run -c Release --project src/MassMessaging.Benchmarks -- reads [--n clients] [--rate requests per second] [--quick] [--json]");
    return 2;
}

await ReadsBenchmark.Run(options, new Report(options.Json));
return 0;
