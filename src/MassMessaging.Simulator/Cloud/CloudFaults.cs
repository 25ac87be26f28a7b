using System.Globalization;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.Cloud;

/// <summary>The faults of the Evolution side, in Meta's words.</summary>
internal static class CloudFaults
{
    public const int Unreachable = 131026;

    public static bool IsBefore(FaultKind kind) => kind is FaultKind.MetaError or FaultKind.ServerError or FaultKind.BadGateway
        or FaultKind.TooMany or FaultKind.Unauthorized or FaultKind.Hang or FaultKind.CloseBefore or FaultKind.TimedOut
        or FaultKind.ConnectionClosed or FaultKind.NeverConnected or FaultKind.NotLoaded or FaultKind.SocketGone or FaultKind.NotLinked
        or FaultKind.SocketClosed;

    public static bool IsAfter(FaultKind kind) => kind is FaultKind.MetaErrorAfter or FaultKind.BadGatewayAfter or FaultKind.HangAfter
        or FaultKind.CloseAfter or FaultKind.TimedOutAfter;

    /// <summary>Whether the message fails after it was taken, and with which code.</summary>
    public static int? FailsWith(FaultPlan faults) =>
        faults.Find(FaultKind.ErrorAfter) is { } error ? Code(error, Unreachable)
        : faults.Has(FaultKind.NotOnWhatsapp) ? Unreachable
        : null;

    public static Task<Reply?> Give(Gateway gateway, Fault fault) => FaultAnswers.Give(gateway, fault, Answer);

    /// <summary>A socket that is gone is Evolution's trouble: Meta knows maintenance.</summary>
    private static Reply Answer(Fault fault) => fault.Kind switch
    {
        FaultKind.MetaError => GraphError.Reply(Code(fault, 131047)) with { RetryAfter = RetryAfter(fault) },
        FaultKind.MetaErrorAfter => GraphError.Reply(Code(fault, 131000)),
        FaultKind.ServerError => GraphError.Reply(1, message: "An unknown error has occurred."),
        FaultKind.TimedOut or FaultKind.TimedOutAfter => GraphError.Reply(131000),
        FaultKind.BadGateway or FaultKind.BadGatewayAfter => FaultAnswers.ProxyPage(),
        FaultKind.TooMany => new Reply(429, "Too Many Requests"u8.ToArray(), "text/plain") { RetryAfter = fault.Text ?? "1" },
        FaultKind.Unauthorized => GraphError.ExpiredToken(),
        _ => GraphError.Reply(131016),
    };

    private static int Code(Fault fault, int fallback) => int.TryParse(fault.Text, CultureInfo.InvariantCulture, out var code) ? code : fallback;

    private static string? RetryAfter(Fault fault) =>
        fault.Milliseconds > 0 ? (fault.Milliseconds / 1000).ToString(CultureInfo.InvariantCulture) : null;
}
