using System.Globalization;
using System.Net.Sockets;

namespace MassMessaging.Benchmarks;

/// <summary>What a process has used since its start.</summary>
/// <param name="Allocated">Bytes of managed memory, also those long collected.</param>
/// <param name="ProcessorMs">Of all its threads.</param>
public sealed record Used(long Allocated, double ProcessorMs)
{
    public static Used operator +(Used some, Used more) => new(some.Allocated + more.Allocated, some.ProcessorMs + more.ProcessorMs);

    public static Used operator -(Used later, Used earlier) => new(later.Allocated - earlier.Allocated, later.ProcessorMs - earlier.ProcessorMs);
}

/// <summary>The service as it is shipped, in a process of its own, which tells what it uses.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private readonly ChildProcess process;
    private readonly int meterPort;

    private ServiceProcess(ChildProcess process, int meterPort) => (this.process, this.meterPort) = (process, meterPort);

    public Uri Url => process.Url;

    public double RssMb => process.RssMb;

    /// <param name="settings">Of the service, beside its database, over what is set here.</param>
    public static async Task<ServiceProcess> Start(BenchmarkServer server, params (string Name, string Value)[] settings)
    {
        var meter = ChildProcess.FreeUrl();
        var environment = new Dictionary<string, string>
        {
            ["ConnectionStrings__Postgres"] = server.ConnectionString, ["RATE_LIMIT_PER_MINUTE"] = "10000000", ["DATA_FOLDER"] = server.Folder,
            ["Logging__LogLevel__Default"] = "Warning", ["DOTNET_STARTUP_HOOKS"] = typeof(ServiceProcess).Assembly.Location,
            ["BENCHMARK_METER_PORT"] = meter.Port.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in settings) environment[name] = value;
        return new(
            await ChildProcess.Start(ChildProcess.FreeUrl(), "/health/ready", [typeof(Feature).Assembly.Location], environment, server.Folder),
            meter.Port);
    }

    public async Task<Used> Used()
    {
        using var asker = new TcpClient();
        await asker.ConnectAsync("127.0.0.1", meterPort);
        using var reader = new StreamReader(asker.GetStream());
        var figures = (await reader.ReadToEndAsync()).Split(' ').Select(figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToArray();
        return new((long)figures[0], figures[1]);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
