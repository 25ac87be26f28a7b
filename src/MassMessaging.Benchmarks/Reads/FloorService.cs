using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace MassMessaging.Benchmarks.Reads;

/// <summary>What a read costs at least: a route, a pooled connection, <c>select 1</c>.</summary>
public static class FloorService
{
    public static async Task<int> Run(string url, string postgres)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url);
        builder.Services.AddRoutingCore();
        await using var database = NpgsqlDataSource.Create(postgres);
        await using var app = builder.Build();
        app.UseRouting();
        app.MapGet("/", async (HttpContext context) =>
        {
            await using var command = database.CreateCommand("select 1");
            await context.Response.WriteAsJsonAsync(await command.ExecuteScalarAsync(context.RequestAborted), context.RequestAborted);
        });
        await app.RunAsync();
        return 0;
    }
}
