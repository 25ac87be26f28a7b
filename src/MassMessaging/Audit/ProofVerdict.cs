namespace MassMessaging.Audit;

/// <param name="Seq">Of the event; of the head or checkpoint where it is that.</param>
/// <param name="Problem">
/// <c>changed</c>, <c>removed</c>, <c>inserted</c> or <c>reordered</c>: the export. <c>log-changed</c>, <c>log-removed</c> or
/// <c>log-inserted</c>: the export is whole, and the log is not what it was. <c>head-wrong</c>, <c>checkpoint-wrong</c>: the chain ends
/// otherwise than these say. <c>skipped</c>: all else is whole, and an operator let the chain pass over this event.
/// </param>
public sealed record FirstBad(long Seq, string Problem);

/// <param name="Events">Events in the export; of a bare checkpoint, events of the log that were looked at.</param>
/// <param name="ComparedWithLog">The campaign is the caller's and was compared with today's log, event by event.</param>
public sealed record ProofVerdict(bool Valid, long Events, FirstBad? FirstBad, bool ComparedWithLog);
