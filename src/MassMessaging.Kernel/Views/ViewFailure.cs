namespace MassMessaging.Kernel;

/// <summary>An event that a view cannot take: the view stands still before it until it is mended, or a person skips the event.</summary>
internal sealed class ViewFailure(long seq, string message, Exception? inner = null) : Exception(message, inner)
{
    public long Seq => seq;
}
