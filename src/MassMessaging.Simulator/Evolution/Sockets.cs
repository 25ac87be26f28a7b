namespace MassMessaging.Simulator.Evolution;

/// <summary>What a call over a socket that is not open answers.</summary>
internal static class Sockets
{
    public const string NoSocketAtCheck = "Cannot read properties of undefined (reading 'onWhatsApp')";
    public const string NoSocketAtSend = "TypeError: Cannot read properties of undefined (reading 'sendMessage')";
    public const string NotLinked = "TypeError: Cannot read properties of undefined (reading 'id')";
    public const string NotLoaded = "Cannot read properties of undefined (reading 'textMessage')";
    public const string Closed = "Connection Closed";

    /// <summary>While asking whether the number is on WhatsApp: an unhandled exception.</summary>
    public static Reply? ClosedAtCheck(Instance instance) => instance switch
    {
        { Connection: Connection.Open } => null,
        { HasSocket: false } => Reply.Crash(NoSocketAtCheck),
        _ => Reply.Crash(Closed),
    };

    /// <summary>While sending to a number that needed no check: caught, hence a 400.</summary>
    public static Reply? ClosedAtSend(Instance instance) => instance switch
    {
        { Connection: Connection.Open } => null,
        { HasSocket: false } => Reply.BadRequest(NoSocketAtSend),
        { OwnJid: null } => Reply.BadRequest(NotLinked),
        _ => Reply.BadRequest($"Error: {Closed}"),
    };
}
