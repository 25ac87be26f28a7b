using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace MassMessaging.Benchmarks.Sending;

/// <summary>
/// A gateway that answers at once, in a process of its own: <c>sendText</c> as Evolution API answers it, an instance that is open, and
/// <c>GET /sent</c>: how many it took, and the monotonic time stamps (of the whole machine) of the first and the last since the last reset.
/// </summary>
public static class GatewayService
{
    public static async Task<int> Run(string url)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url);
        await using var app = builder.Build();
        var state = new State();
        app.Run(context => Answer(context, state));
        await app.RunAsync();
        return 0;
    }

    private static async Task Answer(HttpContext context, State state)
    {
        var path = context.Request.Path.Value!;
        if (path.StartsWith("/message/sendText/", StringComparison.Ordinal))
        {
            var number = state.Take();
            await context.Request.BodyReader.CopyToAsync(Stream.Null);
            await Write(context, 201, string.Create(CultureInfo.InvariantCulture, $$"""
                {"key":{"remoteJid":"5215500000000@s.whatsapp.net","fromMe":true,"id":"3EB0{{state.Run:X8}}{{number:X10}}"},"pushName":"Você","status":"PENDING","message":{"conversation":"Hola"},"contextInfo":null,"messageType":"conversation","messageTimestamp":1750000000,"instanceId":"0d0f9b1c-59a4-4a3f-8b0c-3a0f0c1f2d3e","source":"web"}
                """));
        }
        else if (path == "/sent")
        {
            await Write(context, 200, state.ToString());
        }
        else if (path == "/webhook")
        {
            await Write(context, 200, state.Webhook);
        }
        else if (path is "/instance/create" || path.StartsWith("/webhook/set/", StringComparison.Ordinal))
        {
            using var reader = new StreamReader(context.Request.Body);
            state.Webhook = await reader.ReadToEndAsync();
            await Write(context, 201, "{}");
        }
        else
        {
            var isKnown = state.Webhook != "" || !path.StartsWith("/instance/connectionState/", StringComparison.Ordinal);
            await Write(context, isKnown ? 200 : 404, """{"instance":{"instanceName":"benchmark","state":"open"}}""");
        }
    }

    private static async Task Write(HttpContext context, int status, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = bytes.Length;
        await context.Response.BodyWriter.WriteAsync(bytes);
    }

    private sealed class State
    {
        private long taken;
        private long first;
        private long last;

        /// <summary>Ids differ from those of any other run.</summary>
        public int Run { get; } = Environment.ProcessId;

        /// <summary>What the service asked to be called with.</summary>
        public string Webhook { get; set; } = "";

        public long Take()
        {
            var now = Stopwatch.GetTimestamp();
            Interlocked.CompareExchange(ref first, now, 0);
            Volatile.Write(ref last, now);
            return Interlocked.Increment(ref taken);
        }

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"{Interlocked.Read(ref taken)} {Interlocked.Exchange(ref first, 0)} {Interlocked.Read(ref last)}");
    }
}
