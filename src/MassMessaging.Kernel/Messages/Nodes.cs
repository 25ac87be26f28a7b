using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MassMessaging.Kernel;

/// <summary>
/// Says that this node lives, once a second, in the table <c>node</c>. A node that is missing there, or unseen for 4 s, is dead.
/// </summary>
public sealed class Nodes(NpgsqlDataSource dataSource, NodeId node, TimeProvider clock, ILogger<Nodes> log) : BackgroundService
{
    /// <summary>Condition on <c>node</c> (takes <c>@now</c>): what such a node holds may be taken over.</summary>
    public const string IsDead = "seen_at < @now - interval '4 seconds'";

    internal static readonly TimeSpan UnseenFor = TimeSpan.FromSeconds(4);

    /// <summary>Their heartbeats are writes: a database that takes none shows here as well.</summary>
    internal static readonly Trouble NoneLives = new(
        "select 'No worker has been seen for 4 s: nothing is sent.' where not exists (select from node where not (" + IsDead + "))");

    // Long dead ones go too, so that the table stays as large as the cluster.
    private const string Seen = """
        with forgotten as (delete from node where seen_at < @now - interval '1 hour' and id <> @id)
        insert into node (id, name, started_at, seen_at) values (@id, @name, @now, @now)
        on conflict (id) do update set seen_at = greatest(node.seen_at, excluded.seen_at)
        """;

    private const string Gone = "delete from node where id = @id";

    private const string All = "select id, name, started_at, seen_at, not (" + IsDead + ") from node order by started_at, id";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SignOffLimit = TimeSpan.FromSeconds(1);

    public async Task Beat(CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(Seen);
        command.Parameters.AddWithValue("id", node.Value);
        command.Parameters.AddWithValue("name", $"{Environment.MachineName}:{Environment.ProcessId}");
        command.Parameters.AddWithValue("now", clock.GetUtcNow());
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Those that live, and those that died within the hour.</summary>
    public async Task<IReadOnlyList<NodeStatus>> Status(CancellationToken ct)
    {
        await using var command = dataSource.CreateCommand(All);
        command.Parameters.AddWithValue("now", clock.GetUtcNow());
        await using var reader = await command.ExecuteReaderAsync(ct);
        var nodes = new List<NodeStatus>();
        while (await reader.ReadAsync(ct))
        {
            nodes.Add(new NodeStatus(
                reader.GetGuid(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetFieldValue<DateTimeOffset>(3),
                reader.GetBoolean(4)));
        }

        return nodes;
    }

    /// <summary>Whoever starts later finds the node there.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TryBeat(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(SignOffLimit); // Its own: the host's time may be up.
        await base.StopAsync(limit.Token); // A beat after the sign-off would bring the node back.
        try
        {
            await using var command = dataSource.CreateCommand(Gone);
            command.Parameters.AddWithValue("id", node.Value);
            await command.ExecuteNonQueryAsync(limit.Token);
        }
        catch (Exception e) // The others see it dead 4 s from now.
        {
            log.LogWarning("The node could not sign off ({Error})", e.GetType().Name);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await TryBeat(stoppingToken);
    }

    private async Task TryBeat(CancellationToken ct)
    {
        try
        {
            await Beat(ct);
        }
        catch (Exception e) when (!e.IsStop(ct)) // The next beat tries again.
        {
            log.LogWarning("The node's heartbeat failed ({Error})", e.GetType().Name);
        }
    }
}

/// <param name="Name">Machine and process.</param>
/// <param name="IsAlive">Seen within the last 4 s.</param>
public sealed record NodeStatus(Guid Id, string Name, DateTimeOffset StartedAt, DateTimeOffset SeenAt, bool IsAlive);
