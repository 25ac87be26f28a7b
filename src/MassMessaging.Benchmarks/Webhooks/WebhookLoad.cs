using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace MassMessaging.Benchmarks.Webhooks;

/// <param name="Url">Of the service.</param>
/// <param name="Target">Whose receipts.</param>
/// <param name="First">Of the members.</param>
/// <param name="Members">Each is told to be delivered, and later to be read.</param>
/// <param name="Seconds">At most; null: until all are told.</param>
/// <param name="Postgres">Null: as fast as it goes. Else no more than <paramref name="MostWaiting"/> ahead of what the counters show there.</param>
public sealed record WebhookOrder(
    Uri Url, WebhookTarget Target, int First, int Members, double? Seconds = null, string? Postgres = null, int MostWaiting = 4000);

/// <param name="Accepted">Answered 200; the first of the order's.</param>
/// <param name="Seconds">Until the last answer, or with a database until the counters show the last receipt.</param>
/// <param name="LagP50Ms">From a receipt's 200 until the counters show as many.</param>
public sealed record WebhookTold(long Accepted, double Seconds, double P50Ms, double P99Ms, double? LagP50Ms, double? LagP99Ms)
{
    public double Rate => Accepted / Seconds;
}

/// <summary>
/// Tells receipts as the gateway does, over 64 connections that are kept, in a process of its own. Plain sockets and requests that are made
/// before: what it takes of the processor is not the service's.
/// </summary>
public sealed class WebhookLoad
{
    private const int Connections = 64;

    private readonly WebhookOrder order;
    private readonly long[] acceptedAt;
    private readonly double[] took;
    private readonly List<double> lags = [];
    private int next;
    private int accepted;
    private int applied;
    private bool isOver;

    private WebhookLoad(WebhookOrder order) =>
        (this.order, acceptedAt, took) = (order, new long[order.Members * 2], new double[order.Members * 2]);

    /// <summary>In another process.</summary>
    public static async Task<WebhookTold> Start(WebhookOrder order)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(WebhookLoad).Assembly.Location, "webhook-load", JsonSerializer.Serialize(order)])
        {
            RedirectStandardOutput = true, UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var told = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? JsonSerializer.Deserialize<WebhookTold>(told)! : throw new InvalidOperationException("The load ended early.");
    }

    /// <summary>This process is the other one.</summary>
    public static async Task<int> Run(string order)
    {
        var load = new WebhookLoad(JsonSerializer.Deserialize<WebhookOrder>(order)!);
        Console.WriteLine(JsonSerializer.Serialize(await load.Tell()));
        return 0;
    }

    private async Task<WebhookTold> Tell()
    {
        await using var database = order.Postgres is null
            ? null : NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(order.Postgres) { SearchPath = "mass_messaging" }.ConnectionString);
        var before = database is null ? 0 : await Applied(database);
        var began = Stopwatch.GetTimestamp();
        var following = database is null ? Task.CompletedTask : Task.Run(() => Follow(database, before));
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => Connection(began))));
        isOver = true;
        await following;
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var all = took.AsSpan(0, accepted).ToArray();
        Array.Sort(all);
        lags.Sort();
        return new(
            accepted, seconds, At(all, 0.5), At(all, 0.99), database is null ? null : At(lags, 0.5), database is null ? null : At(lags, 0.99));
    }

    private static double At(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? 0 : Math.Round(sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))], 2);

    private async Task Connection(long began)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, order.Url.Port);
        var answer = new byte[4096];
        while (order.Seconds is not { } most || Stopwatch.GetElapsedTime(began).TotalSeconds < most)
        {
            while (order.Postgres is not null && Volatile.Read(ref accepted) - Volatile.Read(ref applied) > order.MostWaiting) await Task.Delay(1);
            var number = Interlocked.Increment(ref next) - 1;
            if (number >= acceptedAt.Length) return;

            var request = Request(number);
            var sent = Stopwatch.GetTimestamp();
            await socket.SendAsync(request);
            await Answer(socket, answer);
            var place = Interlocked.Increment(ref accepted) - 1;
            acceptedAt[place] = Stopwatch.GetTimestamp();
            took[place] = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
        }
    }

    /// <summary>Reads one whole answer: its body, if any, has a length.</summary>
    private static async Task Answer(Socket socket, byte[] buffer)
    {
        var read = 0;
        while (true)
        {
            var more = await socket.ReceiveAsync(buffer.AsMemory(read));
            if (more == 0) throw new IOException("The service closed the connection.");
            read += more;
            if (buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8) is not (>= 0 and var head)) continue;

            if (!buffer.AsSpan(0, read).StartsWith("HTTP/1.1 200"u8)) throw new IOException(Encoding.ASCII.GetString(buffer, 0, read));
            if (read >= head + 4 + LengthOf(buffer.AsSpan(0, head))) return;
        }
    }

    private static int LengthOf(ReadOnlySpan<byte> head)
    {
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0) return 0;
        var rest = head[(at + 16)..];
        var end = rest.IndexOf((byte)'\r');
        return int.Parse(end < 0 ? rest : rest[..end], NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private byte[] Request(int number)
    {
        var (member, status) = number < order.Members ? (number, "DELIVERY_ACK") : (number - order.Members, "READ");
        var body = string.Create(CultureInfo.InvariantCulture, $$"""
            {"event":"messages.update","instance":"{{order.Target.Instance}}","data":{"messageId":"cm3w0c1d2000008l4{{order.First + member:D8}}","keyId":"3EB0{{order.First + member:X16}}","remoteJid":"5215512345678@s.whatsapp.net","fromMe":true,"participant":"5215512345678@s.whatsapp.net","status":"{{status}}","instanceId":"0d0f9b1c-59a4-4a3f-8b0c-3a0f0c1f2d3e"},"destination":"http://127.0.0.1/api/webhooks/evolution","date_time":"2026-01-01T00:00:00.000Z","sender":"5215500000000@s.whatsapp.net","server_url":"http://127.0.0.1:8080","apikey":"benchmark"}
            """);
        return Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
            POST /api/webhooks/evolution/{order.Target.Instance} HTTP/1.1
            Host: 127.0.0.1
            Content-Type: application/json
            X-Webhook-Secret: {order.Target.Secret}
            Content-Length: {body.Length}


            """).ReplaceLineEndings("\r\n") + body);
    }

    private async Task Follow(NpgsqlDataSource database, long before)
    {
        while (!isOver || applied < Volatile.Read(ref accepted))
        {
            await Task.Delay(20);
            var shown = (int)(await Applied(database) - before);
            if (shown > 0) lags.Add((Stopwatch.GetTimestamp() - acceptedAt[shown - 1]) * 1000.0 / Stopwatch.Frequency);
            Volatile.Write(ref applied, shown);
        }
    }

    private static async Task<long> Applied(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(WebhookInbox.Applied);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
