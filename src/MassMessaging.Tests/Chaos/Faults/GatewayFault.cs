using MassMessaging.Simulator;
using MassMessaging.Tests.Crash;

namespace MassMessaging.Tests.Chaos.Faults;

/// <summary>The gateway answers wrongly or not at all, or tells statuses late, twice, backwards or never.</summary>
/// <param name="Times">So many messages meet it.</param>
internal sealed record GatewayFault(FaultKind Kind, int Times) : IFault
{
    public static readonly FaultKind[] Answers =
    [
        FaultKind.ServerError, FaultKind.ConnectionClosed, FaultKind.TimedOut, FaultKind.TimedOutAfter, FaultKind.BadGateway, FaultKind.BadGatewayAfter,
        FaultKind.TooMany, FaultKind.NotOnWhatsapp, FaultKind.Hang, FaultKind.HangAfter, FaultKind.CloseBefore, FaultKind.CloseAfter,
    ];

    public static readonly FaultKind[] Statuses =
    [
        FaultKind.LostWebhook, FaultKind.LostStatus, FaultKind.Repeat, FaultKind.Regress, FaultKind.ReadFirst, FaultKind.SendMessageFirst,
        FaultKind.SendMessageLate, FaultKind.ErrorAfter,
    ];

    string IFault.Place => $"gateway {Kind}";

    public Task Begin(Cluster cluster)
    {
        cluster.Simulator.Faults.Set(new Fault(Kind, Times: Times));
        return Task.CompletedTask;
    }

    public Task End(Cluster cluster)
    {
        cluster.Simulator.Faults.Clear(kind: Kind);
        return Task.CompletedTask;
    }
}
