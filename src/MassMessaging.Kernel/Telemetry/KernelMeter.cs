using System.Diagnostics;
using System.Diagnostics.Metrics;
using MassMessaging.Kernel.Messages;

namespace MassMessaging.Kernel;

/// <summary>What the kernel tells whoever listens. Nothing is built while nobody does.</summary>
internal static class KernelMeter
{
    public const string Name = "MassMessaging.Kernel";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Processing =
        Meter.Seconds("massmessaging.queue.processing", "Time to handle a batch of messages, committed or failed.");

    private static readonly UpDownCounter<long> Busy =
        Meter.CreateUpDownCounter<long>("massmessaging.worker.busy", "{worker}", "Workers of this node that handle a batch.");

    /// <summary>One message goes on with its sender's trace; a batch is a trace of its own, linked to each of theirs.</summary>
    public static Activity? Process(IReadOnlyList<Held> batch)
    {
        if (!Source.HasListeners()) return null;

        var (first, isOne) = (batch[0], batch.Count == 1);
        var activity = Source.StartActivity(
            $"process {first.Queue.Name}", ActivityKind.Consumer, isOne ? Traces.Parse(first.Trace) : default,
            links: isOne ? null : Traces.Links(batch.Select(held => held.Trace)));
        if (activity is not { IsAllDataRequested: true }) return activity;

        activity.SetTag("messaging.system", "massmessaging")
            .SetTag("messaging.operation.name", "process").SetTag("messaging.operation.type", "process")
            .SetTag("messaging.destination.name", first.Queue.Name).SetTag("massmessaging.message.type", first.Type.WireName);
        return isOne
            ? activity.SetTag("messaging.message.id", first.Id).SetTag("massmessaging.message.attempt", first.Counted)
            : activity.SetTag("messaging.batch.message_count", batch.Count);
    }

    public static void Processed(Activity? activity, IReadOnlyList<Held> batch, long from, Exception? error)
    {
        if (Processing.Enabled)
        {
            TagList tags = new() { { "queue", batch[0].Queue.Name }, { "type", batch[0].Type.WireName }, { "outcome", error is null ? "done" : "failed" } };
            Processing.Record(Stopwatch.GetElapsedTime(from).TotalSeconds, tags);
        }

        if (error is not null) activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", Settlement.Reason(error));
    }

    public static void Works(QueueOptions queue, int more) => Busy.Add(more, new KeyValuePair<string, object?>("queue", queue.Name));
}
