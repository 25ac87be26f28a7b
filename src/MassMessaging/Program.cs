var builder = WebApplication.CreateBuilder(args);
await using var app = builder.Build();
await app.RunAsync();

/// <summary>The service's entry point, named for the in-memory host of the specs.</summary>
public sealed partial class Program;
