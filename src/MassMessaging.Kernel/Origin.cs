namespace MassMessaging.Kernel;

/// <summary>Who acts, and in which chain: written with every event and message of a session.</summary>
/// <param name="Actor">Never personal data: <c>user:&lt;id&gt;</c>, <c>key:&lt;id&gt;</c>, <c>system</c>, <c>gateway</c>.</param>
/// <param name="CorrelationId">
/// Request id or trace id; handed on to every message and event that follows. Without one, an event takes over its stream's last.
/// </param>
/// <param name="CausationId">
/// Id of the message being handled, if any. Where there is neither, an event names the one before it in its stream: <c>event:&lt;seq&gt;</c>.
/// </param>
public sealed record Origin(string Actor, string? CorrelationId = null, string? CausationId = null)
{
    public static Origin System { get; } = new("system");
}
