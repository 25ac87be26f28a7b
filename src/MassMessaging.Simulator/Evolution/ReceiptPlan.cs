using System.Collections.Immutable;

namespace MassMessaging.Simulator.Evolution;

/// <param name="After">From when the message was taken.</param>
public sealed record PlannedStatus(TimeSpan After, string Status);

/// <summary>Which statuses a message will get, and when: pure, so that specs can count on it.</summary>
public static class ReceiptPlan
{
    public const string Error = "ERROR";
    public const string ServerAck = "SERVER_ACK";
    public const string DeliveryAck = "DELIVERY_ACK";
    public const string Read = "READ";

    internal static ImmutableArray<PlannedStatus> Of(ReceiptOptions options, FaultPlan faults, ref Dice dice)
    {
        var (acked, delivered, read) = (dice.Roll(options.ServerAck), dice.Roll(options.Delivered), dice.Roll(options.Read));
        var ackedAt = options.ServerAckAfter.At(dice.Next());
        var deliveredAt = options.DeliveredAfter.At(dice.Next());
        var readAt = deliveredAt + options.ReadAfter.At(dice.Next());
        if (faults == FaultPlan.None) return Usual(acked, delivered, read, ackedAt, deliveredAt, readAt);

        if (faults.Has(FaultKind.ErrorAfter)) return [new(ackedAt, Error)];

        acked &= !faults.Has(FaultKind.NoServerAck);
        delivered |= MustDeliver(faults);
        delivered &= !faults.Has(FaultKind.NoDelivery);
        read |= faults.Has(FaultKind.ReadFirst) || faults.Has(FaultKind.Regress);
        read &= !faults.Has(FaultKind.NoRead);
        if (faults.Has(FaultKind.ReadFirst)) (deliveredAt, readAt) = (readAt, deliveredAt);
        var usual = Usual(acked, delivered, read, ackedAt, deliveredAt, readAt);
        if (faults.Has(FaultKind.Repeat)) usual = [.. usual, .. usual.Select(each => each with { After = each.After + readAt })];
        if (faults.Has(FaultKind.Regress)) usual = [.. usual, new(readAt * 1.5, DeliveryAck), new(readAt * 2, ServerAck)];
        return usual;
    }

    /// <summary>A fault that shows itself in receipts is pointless on a message that gets none.</summary>
    private static bool MustDeliver(FaultPlan faults) =>
        faults.Has(FaultKind.ReadFirst) || faults.Has(FaultKind.Repeat) || faults.Has(FaultKind.Regress)
        || faults.Has(FaultKind.Lid) || faults.Has(FaultKind.NoRead) || faults.Has(FaultKind.Reply) || faults.Has(FaultKind.LostWebhook);

    private static ImmutableArray<PlannedStatus> Usual(
        bool acked, bool delivered, bool read, TimeSpan ackedAt, TimeSpan deliveredAt, TimeSpan readAt)
    {
        var statuses = ImmutableArray.CreateBuilder<PlannedStatus>(3);
        if (acked) statuses.Add(new(ackedAt, ServerAck));
        if (delivered) statuses.Add(new(deliveredAt, DeliveryAck));
        if (delivered && read) statuses.Add(new(readAt, Read));
        return statuses.DrainToImmutable();
    }
}
