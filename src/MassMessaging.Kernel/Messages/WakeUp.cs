using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MassMessaging.Kernel.Messages;

/// <summary>
/// Wakes who waits for work: at once in this process, and in other nodes by one coalesced notification. Raised after a commit, never in
/// a business transaction: NOTIFY takes a database-wide lock at commit, which costs up to half the throughput. A lost notification costs
/// latency only: every listener also polls.
/// </summary>
public sealed class WakeUp(NpgsqlDataSource dataSource, NodeId node, ILogger<WakeUp> log) : BackgroundService
{
    /// <summary>The topic raised when events were appended; every other topic is a queue's name.</summary>
    public const string Events = "events";

    /// <summary>The topic raised when a rebuild was asked for.</summary>
    public const string Rebuilds = "view-rebuilds";

    private const string Everything = "*";
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<string, ConcurrentDictionary<WakeSignal, bool>> listeners = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> pending = new(StringComparer.Ordinal);
    private readonly WakeSignal outgoing = new();
    private bool isTalking = true;

    /// <summary>Dispose the signal to stop listening.</summary>
    public WakeSignal Subscribe(params IEnumerable<string> topics)
    {
        var named = topics.ToArray();
        var signal = new WakeSignal(gone =>
        {
            foreach (var topic in named) listeners[topic].TryRemove(gone, out _);
        });
        foreach (var topic in named) listeners.GetOrAdd(topic, _ => new()).TryAdd(signal, true);
        return signal;
    }

    /// <summary>Call it after the commit.</summary>
    public void Raise(params IEnumerable<string> topics)
    {
        var hasAny = false;
        foreach (var topic in topics)
        {
            hasAny = true;
            RaiseHere(topic);
            pending.TryAdd(topic, true);
        }

        if (hasAny) outgoing.Raise();
    }

    /// <summary>What was given back in the last moment is told, too.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LastWords); // Its own: the host's time may be up.
        await base.StopAsync(limit.Token);
        if (pending.IsEmpty) return;

        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(limit.Token);
            await Notify(connection, await Channel(connection, limit.Token), limit.Token);
        }
        catch (Exception e) // The others poll.
        {
            log.LogDebug("The last wake-ups were not told ({Error})", e.GetType().Name);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Talk(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) // The database is away: polls carry the work until it is back.
            {
                var level = isTalking ? LogLevel.Warning : LogLevel.Debug;
                isTalking = false;
                log.Log(level, "Wake-ups between nodes are interrupted ({Error}); polling meanwhile", e.GetType().Name);
                await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Talk(CancellationToken ct)
    {
        await using var connection = await dataSource.OpenConnectionAsync(ct);
        connection.Notification += (_, heard) => Hear(heard.Payload);
        var channel = await Channel(connection, ct);
        await Run(connection, $"listen {channel}", ct);
        isTalking = true;
        RaiseHere(Everything); // What was raised before we listened.
        var lastSent = 0L;
        while (true)
        {
            var rest = Gap - Stopwatch.GetElapsedTime(lastSent);
            if (rest > TimeSpan.Zero)
            {
                await connection.WaitAsync(Math.Max(1, (int)Math.Ceiling(rest.TotalMilliseconds)), ct); // 0 would wait for ever.
            }
            else if (pending.IsEmpty)
            {
                await WaitForEither(connection, ct);
            }
            else
            {
                await Notify(connection, channel, ct);
                lastSent = Stopwatch.GetTimestamp();
            }
        }
    }

    // Ends when there is something to send or something was heard; after a long silence it makes sure that the connection still lives.
    private async Task WaitForEither(NpgsqlConnection connection, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var hasOutgoing = WaitOutgoing(stop);
        try
        {
            if (!await connection.WaitAsync(Probe, stop.Token)) await Run(connection, "select 1", ct);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
        }
        finally
        {
            await stop.CancelAsync();
            await hasOutgoing;
        }
    }

    private async Task WaitOutgoing(CancellationTokenSource stop)
    {
        try
        {
            while (pending.IsEmpty) await outgoing.Wait(Timeout.InfiniteTimeSpan, stop.Token);
            await stop.CancelAsync();
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task Notify(NpgsqlConnection connection, string channel, CancellationToken ct)
    {
        var topics = pending.Keys.ToArray();
        foreach (var topic in topics) pending.TryRemove(topic, out _);
        var all = string.Join(',', topics);
        var named = all.Length < 7_000 ? all : Everything; // PostgreSQL takes 8,000 bytes.
        await using var command = new NpgsqlCommand("select pg_notify(@channel, @payload)", connection);
        command.Parameters.AddWithValue("channel", channel);
        command.Parameters.AddWithValue("payload", $"{node}:{named}");
        await command.ExecuteNonQueryAsync(ct);
    }

    private void Hear(string payload)
    {
        var cut = payload.IndexOf(':', StringComparison.Ordinal);
        if (cut < 0 || payload.AsSpan(0, cut).SequenceEqual(node.ToString())) return;

        foreach (var topic in payload[(cut + 1)..].Split(',')) RaiseHere(topic);
    }

    private void RaiseHere(string topic)
    {
        var heard = topic == Everything
            ? listeners.Values.SelectMany(signals => signals.Keys)
            : listeners.TryGetValue(topic, out var same) ? same.Keys : [];
        foreach (var signal in heard) signal.Raise();
    }

    // Channels belong to the database, not to the schema, and their names are short.
    private static async Task<string> Channel(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select current_schema()", connection);
        var schema = await command.ExecuteScalarAsync(ct) as string ?? "";
        return "wake_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(schema)))[..16];
    }

    private static async Task Run(NpgsqlConnection connection, string text, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(text, connection) { CommandTimeout = 5 };
        await command.ExecuteNonQueryAsync(ct);
    }
}
