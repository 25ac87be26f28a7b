using System.Diagnostics.Metrics;

namespace MassMessaging.WhatsApp;

internal static class WhatsAppMeter
{
    private static readonly Meter Meter = new("MassMessaging.WhatsApp");

    public static Histogram<double> GatewayDuration { get; } = Meter.CreateHistogram<double>("massmessaging.gateway.duration", "s");

    public static Counter<long> WebhooksReceived { get; } = Meter.CreateCounter<long>("massmessaging.webhooks.received");

    /// <summary>Not understood, by <c>reason</c>.</summary>
    public static Counter<long> WebhooksSkipped { get; } = Meter.CreateCounter<long>("massmessaging.webhooks.skipped");
}
