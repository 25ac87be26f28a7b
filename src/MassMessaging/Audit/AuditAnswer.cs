using System.Text.Json;
using MassMessaging.Kernel;

namespace MassMessaging.Audit;

/// <summary>One event of a campaign's history. It names people by id only: what was erased about them is in none.</summary>
/// <param name="Seq">Place in the log.</param>
/// <param name="MemberId">The recipient; null of what is about the campaign as a whole.</param>
/// <param name="Version">The event's place in its own stream, from 1.</param>
/// <param name="Actor">Who: <c>user:&lt;id&gt;</c>, <c>system</c> or <c>gateway</c>.</param>
/// <param name="CorrelationId">The request that it goes back to: the launch's, up to the last receipt.</param>
/// <param name="CausationId">What led to it: <c>message:&lt;id&gt;</c> of a durable message, <c>event:&lt;seq&gt;</c>, or null of a request.</param>
/// <param name="Data">The event as it was written.</param>
public sealed record AuditAnswer(
    long Seq, Guid StreamId, Guid? MemberId, long Version, string Type, DateTimeOffset At, string? Actor, string? CorrelationId,
    string? CausationId, JsonElement Data)
{
    public static AuditAnswer Of(Guid campaign, LoggedEvent stored) => new(
        stored.Seq, stored.StreamId, stored.StreamId == campaign ? null : stored.StreamId, stored.Version, stored.Type, stored.At, stored.Actor,
        stored.CorrelationId, stored.CausationId, JsonElement.Parse(stored.Json));
}
