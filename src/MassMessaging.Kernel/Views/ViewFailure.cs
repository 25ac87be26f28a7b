namespace MassMessaging.Kernel;

/// <summary>An event that a view cannot take: the view stands still before it until it is mended, or a person skips the event.</summary>
internal sealed class ViewFailure(long seq, string message, Exception? inner = null) : Exception(message, inner)
{
    public long Seq => seq;

    public static ViewFailure Of(ViewType view, RecordedEvent recorded, Exception failure) => new(
        recorded.Seq, $"{view.Name} failed on event {recorded.Seq} ({recorded.Data.GetType().Name}): {failure.Message}", failure);

    /// <summary>Runs a view's own code on an event of the log, so that a failure names the event.</summary>
    public static T Guard<T>(ViewType view, RecordedEvent recorded, Func<T> fold)
    {
        try
        {
            return fold();
        }
        catch (Exception failure) when (recorded.Seq > 0) // While it is being appended the failure is the appender's.
        {
            throw Of(view, recorded, failure);
        }
    }
}
