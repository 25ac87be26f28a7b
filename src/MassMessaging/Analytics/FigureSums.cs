using System.Data.Common;
using MassMessaging.Campaigns;

namespace MassMessaging.Analytics;

/// <summary>Rows of the view campaign-figures, added up.</summary>
public sealed record FigureSums(
    long Total, long InFlight, long Sent, long Delivered, long Read, long Replied, long Failed, long Skipped, long InDoubt, long Requeued,
    long Sends, long SendMilliseconds, long Deliveries, long DeliveryMilliseconds)
{
    /// <summary>Of a <c>select</c> over the view.</summary>
    public const string Columns = """
        coalesce(sum(total), 0)::bigint as total, coalesce(sum(in_flight), 0)::bigint as in_flight, coalesce(sum(sent), 0)::bigint as sent,
        coalesce(sum(delivered), 0)::bigint as delivered, coalesce(sum(read), 0)::bigint as read,
        coalesce(sum(replied), 0)::bigint as replied, coalesce(sum(failed), 0)::bigint as failed,
        coalesce(sum(skipped), 0)::bigint as skipped, coalesce(sum(in_doubt), 0)::bigint as in_doubt,
        coalesce(sum(requeued), 0)::bigint as requeued, coalesce(sum(sends), 0)::bigint as sends,
        coalesce(sum(send_milliseconds), 0)::bigint as send_milliseconds, coalesce(sum(deliveries), 0)::bigint as deliveries,
        coalesce(sum(delivery_milliseconds), 0)::bigint as delivery_milliseconds
        """;

    public static FigureSums None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>Who waits, in flight included. Of all of a campaign, or of a label or variant of it: of a stretch of time it says nothing.</summary>
    public long Pending => Total - Sent - Failed - Skipped - InDoubt;

    public double? DeliveryRate => Share(Delivered, Sent);

    public double? ReadRate => Share(Read, Sent);

    public double? ReplyRate => Share(Replied, Sent);

    public double? FailureRate => Share(Failed, Sent + Failed);

    public double? CompletionRate => Share(Total - Pending, Total);

    public double? AverageSendSeconds => Average(SendMilliseconds, Sends);

    public double? AverageDeliverySeconds => Average(DeliveryMilliseconds, Deliveries);

    public bool IsBlank => Sent == 0 && Failed == 0 && Skipped == 0 && InDoubt == 0 && Replied == 0;

    public static FigureSums Of(DbDataReader row) => new(
        row.Whole("total"), row.Whole("in_flight"), row.Whole("sent"), row.Whole("delivered"), row.Whole("read"), row.Whole("replied"),
        row.Whole("failed"), row.Whole("skipped"), row.Whole("in_doubt"), row.Whole("requeued"), row.Whole("sends"),
        row.Whole("send_milliseconds"), row.Whole("deliveries"), row.Whole("delivery_milliseconds"));

    /// <summary>As the row of a cancelled campaign: it waits for nobody, and who is in flight may have arrived.</summary>
    public FigureSums Settled() => this with { Skipped = Skipped + Pending - InFlight, InDoubt = InDoubt + InFlight, InFlight = 0 };

    /// <summary>0 to 1; null of nobody. A reply may come before the outcome of its own question, so a share is held to 1.</summary>
    public static double? Share(long part, long whole) => whole <= 0 ? null : Math.Round(Math.Clamp((double)part / whole, 0, 1), 4);

    private static double? Average(long milliseconds, long samples) =>
        samples <= 0 ? null : Math.Round((double)milliseconds / samples / 1000, 3);
}
