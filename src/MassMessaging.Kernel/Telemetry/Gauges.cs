using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Npgsql;
using NpgsqlTypes;

namespace MassMessaging.Kernel;

/// <param name="Name">As it is told, with its prefix.</param>
/// <param name="Unit">UCUM, or <c>{things}</c>.</param>
/// <param name="Tags">Names of the first and the second tag, where there are any.</param>
public sealed record Gauge(string Name, string Unit, string Description, params IReadOnlyList<string> Tags);

/// <param name="Sql">
/// Answers <c>(name text, first text, second text, value float8)</c>: the gauge and its tags. May use <c>@now</c>, <c>@queues</c> and
/// <c>@views</c>. It has to be cheap.
/// </param>
public sealed record GaugeQuery(string Sql, params IReadOnlyList<Gauge> Gauges);

/// <summary>
/// What stands in the database, told as it is asked for: one statement for all gauges, at most once a second, and from the eldest living
/// node only, so that the sum over all nodes is right. Nothing is asked while nobody listens.
/// </summary>
internal sealed class Gauges : IHostedService, IDisposable
{
    private const string OfKernel = """
        select f.name, q.queue, f.state, f.value
        from (
            select n.queue, count(m.id) filter (where m.dead_at is null and m.due_at > @now and not m.is_leased) as waiting,
                count(m.id) filter (where m.dead_at is null and m.due_at <= @now) as due,
                count(m.id) filter (where m.dead_at is null and m.due_at > @now and m.is_leased) as leased,
                count(m.id) filter (where m.dead_at is not null) as dead,
                extract(epoch from @now - min(m.scheduled_for) filter (where m.dead_at is null and m.due_at <= @now)) as age
            from unnest(@queues) as n (queue) left join message m on m.queue = n.queue
            group by n.queue) q
        cross join lateral (values
            ('massmessaging.queue.length', 'waiting', q.waiting::float8), ('massmessaging.queue.length', 'due', q.due),
            ('massmessaging.queue.length', 'leased', q.leased), ('massmessaging.queue.age', null, greatest(0, coalesce(q.age, 0))),
            ('massmessaging.queue.dead_letters', null, q.dead)) as f (name, state, value)
        union all
        select f.name, v.view, null, f.value
        from (
            select n.view, greatest(0, (select case when is_called then last_value else 0 end from mt_events_sequence) - coalesce(p.last_seq_id, 0)) as lag,
                extract(epoch from @now - (select e.timestamp from mt_events e where e.seq_id > coalesce(p.last_seq_id, 0) order by e.seq_id limit 1)) as age,
                (select count(*) from view_stop s where s.name = n.view) as stopped
            from unnest(@views) as n (view) left join mt_event_progression p on p.name = n.view) v
        cross join lateral (values
            ('massmessaging.view.lag', v.lag::float8), ('massmessaging.view.age', greatest(0, coalesce(v.age, 0))),
            ('massmessaging.view.stopped', v.stopped)) as f (name, value)
        """;

    private static readonly GaugeQuery Kernel = new(
        OfKernel,
        new("massmessaging.queue.length", "{message}", "Messages that wait for later, are due, or are in a worker's hands.", "queue", "state"),
        new("massmessaging.queue.age", "s", "How long the oldest due message has waited.", "queue"),
        new("massmessaging.queue.dead_letters", "{message}", "Messages that no attempt could handle: a person decides.", "queue"),
        new("massmessaging.view.lag", "{event}", "Places in the log between an async view and the last number drawn.", "view"),
        new("massmessaging.view.age", "s", "Age of the oldest event that an async view has not taken in.", "view"),
        new("massmessaging.view.stopped", "{view}", "1: an event stopped the view, and a person decides.", "view"));

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Meter meter = new(KernelMeter.Name);
    private readonly NpgsqlDataSource database;
    private readonly TimeProvider clock;
    private readonly NodeId node;
    private readonly string[] queues;
    private readonly string[] views;
    private readonly string sql;
    private ILookup<string, Measurement<double>> seen = Nothing;
    private long? seenAt;

    public Gauges(KernelBuilder kernel, NpgsqlDataSource database, NodeId node, TimeProvider clock)
    {
        (this.database, this.node, this.clock) = (database, node, clock);
        queues = [.. kernel.Queues.Select(queue => queue.Name)];
        views = [.. kernel.Views.Where(view => view.Mode == ViewMode.Async).Select(view => view.Name)];
        IReadOnlyList<GaugeQuery> all = [Kernel, .. kernel.Gauges];
        Named = all.SelectMany(query => query.Gauges).ToDictionary(gauge => gauge.Name, StringComparer.Ordinal);
        sql = $"""
            select g.name, g.first, g.second, g.value
            from ({string.Join(" union all ", all.Select(query => $"({query.Sql})"))}) as g (name, first, second, value)
            where @node = (select id from node where not ({Nodes.IsDead}) order by started_at, id limit 1)
            """;
        foreach (var gauge in Named.Values) _ = meter.CreateObservableGauge(gauge.Name, () => Seen()[gauge.Name], gauge.Unit, gauge.Description);
    }

    /// <summary>Of this node alone: specs run several in one process.</summary>
    internal Meter Meter => meter;

    private static ILookup<string, Measurement<double>> Nothing { get; } = Enumerable.Empty<Measurement<double>>().ToLookup(_ => "");

    private Dictionary<string, Gauge> Named { get; }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => meter.Dispose();

    private ILookup<string, Measurement<double>> Seen()
    {
        lock (gate)
        {
            if (seenAt is { } at && TimeProvider.System.GetElapsedTime(at) < Fresh) return seen;

            seen = Read();
            seenAt = TimeProvider.System.GetTimestamp();
            return seen;
        }
    }

    /// <summary>On the thread of whoever collects, which has no other way; nothing while the database is away.</summary>
    private ILookup<string, Measurement<double>> Read()
    {
        try
        {
            using var command = database.CreateCommand(sql);
            command.CommandTimeout = 5;
            command.Parameters.AddWithValue("node", node.Value);
            command.Parameters.AddWithValue("now", NpgsqlDbType.TimestampTz, clock.GetUtcNow());
            command.Parameters.AddWithValue("queues", queues);
            command.Parameters.AddWithValue("views", views);
            using var reader = command.ExecuteReader();
            var read = new List<(string Name, Measurement<double> Value)>();
            while (reader.Read()) read.Add((reader.GetString(0), Measured(reader)));
            return read.ToLookup(one => one.Name, one => one.Value);
        }
        catch (Exception) // The figures are missing then, which is the alarm.
        {
            return Nothing;
        }
    }

    private Measurement<double> Measured(NpgsqlDataReader row)
    {
        var tags = Named[row.GetString(0)].Tags.Select((tag, place) => KeyValuePair.Create(tag, (object?)row.GetString(place + 1)));
        return new Measurement<double>(row.GetDouble(3), tags);
    }
}
