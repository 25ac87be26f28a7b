using System.Diagnostics.Metrics;
using MassMessaging.Kernel;

namespace MassMessaging.WhatsApp;

internal static class WhatsAppMeter
{
    private static readonly Meter Meter = new("MassMessaging.WhatsApp");

    private static readonly Histogram<double> GatewayDuration =
        Meter.Seconds("massmessaging.gateway.duration", "Time of one send at the gateway, until its answer was read or given up.");

    public static Counter<long> WebhooksReceived { get; } =
        Meter.CreateCounter<long>("massmessaging.webhooks.received", "{webhook}", "Webhooks that were stored.");

    /// <summary>Not understood, by <c>reason</c>.</summary>
    public static Counter<long> WebhooksSkipped { get; } =
        Meter.CreateCounter<long>("massmessaging.webhooks.skipped", "{webhook}", "Webhooks of which all or a part was left aside.");

    public static void Called(string gateway, SendOutcome outcome, TimeSpan took)
    {
        if (GatewayDuration.Enabled) GatewayDuration.Record(took.TotalSeconds, new("gateway", gateway), new("outcome", outcome.Word()));
    }
}
