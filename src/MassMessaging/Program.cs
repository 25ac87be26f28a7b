using MassMessaging;
using MassMessaging.Demo;
using MassMessaging.Health;
using MassMessaging.Http;
using MassMessaging.Idempotency;
using MassMessaging.Kernel;
using MassMessaging.Telemetry;

try
{
    if (Commands.Knows(args)) return await Commands.Run(args);

    // Settings are read once. Watching their files watches every folder below, and PostgreSQL's data may be one of them.
    var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false", .. args]);
    var settings = Settings.Read(builder.Configuration);
    await using var surroundings = await Surroundings.Start(builder, settings);

    builder.AddTelemetry(); // first of all that starts, last of all that stops
    builder.AddHttpEdge(settings);
    builder.Services.AddKernel(settings.Kernel(surroundings), Features.Declare); // migrates first of all that starts
    builder.Services.AddHealth();
    builder.Services.AddStopping(settings);
    builder.AddFeatures(settings);

    await using var app = builder.Build();
    app.UseTelemetry();
    app.UseHttpEdge(settings);
    app.UseIdempotency();
    app.MapHealth();
    app.MapFeatures(settings);

    await app.StartAsync();
    await app.OpenShowroom(surroundings);
    if (await app.WaitForStop()) return 0;

    await surroundings.DisposeAsync();
    Environment.Exit(0);
    return 0;
}
catch (Exception error) when (StartFailure.Of(error) is { } reason)
{
    await Console.Error.WriteLineAsync(reason);
    return 1;
}

/// <summary>The service's entry point, named for the in-memory host of the specs.</summary>
public sealed partial class Program;
