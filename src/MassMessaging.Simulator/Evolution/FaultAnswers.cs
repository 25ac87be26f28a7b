using System.Globalization;

namespace MassMessaging.Simulator.Evolution;

/// <summary>The answers that faults give, in the words of the gateway or of the proxy before it.</summary>
internal static class FaultAnswers
{
    private static readonly Func<FaultKind, bool> BeforeOnBusiness = static kind => IsBefore(kind, business: true);
    private static readonly Func<FaultKind, bool> BeforeOnBaileys = static kind => IsBefore(kind, business: false);

    /// <summary>What decides the answer before the message is taken.</summary>
    public static Func<FaultKind, bool> Before(bool business) => business ? BeforeOnBusiness : BeforeOnBaileys;

    private static bool IsBefore(FaultKind kind, bool business) => kind switch
    {
        FaultKind.MetaError => business,
        FaultKind.ConnectionClosed or FaultKind.NeverConnected or FaultKind.SocketGone => !business,
        FaultKind.NotLinked or FaultKind.SocketClosed => !business,
        FaultKind.ServerError or FaultKind.NotLoaded or FaultKind.TimedOut or FaultKind.BadGateway => true,
        FaultKind.TooMany or FaultKind.Unauthorized or FaultKind.Hang or FaultKind.CloseBefore => true,
        _ => false,
    };

    public static bool IsAfter(FaultKind kind) =>
        kind is FaultKind.TimedOutAfter or FaultKind.BadGatewayAfter or FaultKind.HangAfter or FaultKind.CloseAfter;

    public static Task<Reply?> Give(Gateway gateway, Fault fault) => Give(gateway, fault, Answer);

    /// <summary>What every wire does alike: breaking off, and keeping silent.</summary>
    /// <param name="answer">Of the faults that are answered, in the wire's own words.</param>
    public static async Task<Reply?> Give(Gateway gateway, Fault fault, Func<Fault, Reply> answer)
    {
        switch (fault.Kind)
        {
            case FaultKind.CloseBefore or FaultKind.CloseAfter:
                return null;
            case FaultKind.Hang or FaultKind.HangAfter:
                await gateway.Hold(Timeout.InfiniteTimeSpan);
                return null;
            default:
                return answer(fault);
        }
    }

    public static TimeSpan Delay(Fault fault, double share) =>
        new DelayRange(fault.Milliseconds, fault.UpToMilliseconds ?? fault.Milliseconds).At(share);

    private static Reply Answer(Fault fault) => fault.Kind switch
    {
        FaultKind.ServerError => Reply.Crash(fault.Text ?? "Internal Server Error"),
        FaultKind.ConnectionClosed => Reply.Crash(Sockets.Closed),
        FaultKind.NeverConnected => Reply.Crash(Sockets.NoSocketAtCheck),
        FaultKind.NotLoaded => Reply.Crash(Sockets.NotLoaded),
        FaultKind.SocketGone => Reply.BadRequest(Sockets.NoSocketAtSend),
        FaultKind.NotLinked => Reply.BadRequest(Sockets.NotLinked),
        FaultKind.SocketClosed => Reply.BadRequest($"Error: {Sockets.Closed}"),
        FaultKind.TimedOut or FaultKind.TimedOutAfter => Reply.BadRequest("Error: Timed Out"),
        FaultKind.BadGateway or FaultKind.BadGatewayAfter => ProxyPage(),
        FaultKind.TooMany => TooMany(fault.Text ?? "1"),
        FaultKind.Unauthorized => Reply.Unauthorized(),
        FaultKind.MetaError => MetaError(fault.Text),
        _ => throw new InvalidOperationException($"{fault.Kind} is no answer."),
    };

    public static Reply ProxyPage() => new(
        502,
        "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"u8.ToArray(),
        "text/html");

    private static Reply TooMany(string seconds)
    {
        var reply = Reply.Error(429, "Too Many Requests", json => json.Array("Too many requests"));
        return reply with { RetryAfter = seconds };
    }

    /// <summary>Meta's refusal reaches the caller as a success without a `key`.</summary>
    private static Reply MetaError(string? text)
    {
        var code = int.TryParse(text, CultureInfo.InvariantCulture, out var given) ? given : 131047;
        return Reply.Json(201, json =>
        {
            json.WriteStartObject();
            json.WriteString("message", $"(#{code}) Re-engagement message");
            json.WriteString("type", "OAuthException");
            json.WriteNumber("code", code);
            json.WriteStartObject("error_data");
            json.WriteString("messaging_product", "whatsapp");
            json.WriteString("details", "More than 24 hours have passed since the customer last replied to this number.");
            json.WriteEndObject();
            json.WriteString("fbtrace_id", "AzS1mUlAt3dTrAcE");
            json.WriteEndObject();
        });
    }
}
