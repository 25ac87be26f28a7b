using MassMessaging.WhatsApp.Cloud;
using MassMessaging.WhatsApp.Evolution;

namespace MassMessaging.WhatsApp;

/// <summary>
/// Each send goes to the gateway that its instance is of: the instance is named when the send is granted, and keeps its gateway.
/// </summary>
internal sealed class GatewayRouter(EvolutionWhatsApp evolution, CloudWhatsApp cloud) : IWhatsApp
{
    public Task<SendOutcome> Send(string instance, string number, OutgoingMessage message, Func<bool> mayWrite, CancellationToken ct) =>
        CloudInstance.Is(instance)
            ? cloud.Send(instance, number, message, mayWrite, ct)
            : evolution.Send(instance, number, message, mayWrite, ct);
}
