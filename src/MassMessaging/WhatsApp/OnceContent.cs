using System.Net;
using System.Net.Http.Headers;

namespace MassMessaging.WhatsApp;

/// <summary>
/// A request body that knows whether it may have left the process. It asks for permission at the last moment, after any connecting and
/// before the first byte: the headers wait in the same buffer and are never flushed alone. It is written once: the handler's own retry
/// on a stale connection would be a second message.
/// </summary>
internal sealed class OnceContent : HttpContent
{
    private readonly byte[] body;
    private readonly Func<bool> mayWrite;
    private int asked;

    public OnceContent(byte[] body, Func<bool> mayWrite)
    {
        (this.body, this.mayWrite) = (body, mayWrite);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    public bool IsRefused { get; private set; }

    public bool IsWritten { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref asked, 1) == 1) throw new InvalidOperationException("This request is written once only.");

        IsRefused = !mayWrite();
        if (IsRefused) throw new InvalidOperationException("The permit to write has expired.");

        cancellationToken.ThrowIfCancellationRequested();
        IsWritten = true;
        await stream.WriteAsync(body, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
