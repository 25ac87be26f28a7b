using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MassMessaging.Tests.WhatsApp.Evolution;

/// <summary>A gateway down to the bytes: it tells what arrived on each connection, and answers or breaks as the spec says.</summary>
internal sealed class RawGateway : IAsyncDisposable
{
    public const string Accepted = """{"key":{"id":"3EB0A"}}""";

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<Connection, Task> serve;
    private readonly Task accepting;

    private RawGateway(Func<Connection, Task> serve)
    {
        this.serve = serve;
        listener.Start();
        accepting = Accept();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");

    public ConcurrentQueue<Connection> Connections { get; } = [];

    public static RawGateway Start(Func<Connection, Task> serve) => new(serve);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await accepting;
        listener.Stop();
        foreach (var connection in Connections) connection.Close();
        stop.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var connection = new Connection(await listener.AcceptTcpClientAsync(stop.Token));
                Connections.Enqueue(connection);
                _ = Serve(connection);
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException)
        {
            // The spec is over.
        }
    }

    private async Task Serve(Connection connection)
    {
        try
        {
            await serve(connection);
        }
        catch (Exception broken) when (broken is IOException or ObjectDisposedException or SocketException)
        {
            // The other side hung up, as some specs want it.
        }
    }

    internal sealed class Connection(TcpClient client)
    {
        private readonly byte[] buffer = new byte[256 * 1024];
        private int length;

        /// <summary>All bytes that ever arrived here.</summary>
        public string Arrived => Encoding.UTF8.GetString(buffer, 0, length);

        /// <summary>Null when the other side closed before a whole request came.</summary>
        public async Task<string?> ReadRequest()
        {
            var start = length;
            while (!IsWhole(Encoding.UTF8.GetString(buffer, start, length - start)))
            {
                var read = await client.GetStream().ReadAsync(buffer.AsMemory(length));
                if (read == 0) return null;
                length += read;
            }

            return Encoding.UTF8.GetString(buffer, start, length - start);
        }

        public Task Answer(int status, string body, string headers = "") => Write(
            $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}");

        public async Task Write(string raw) => await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(raw));

        /// <summary>With a reset, as a crashed process does.</summary>
        public void Reset()
        {
            client.LingerState = new LingerOption(true, 0);
            client.Close();
        }

        public void Close() => client.Dispose();

        private static bool IsWhole(string request)
        {
            var headers = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (headers < 0) return false;

            var line = request.Split("\r\n").FirstOrDefault(header => header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
            var expected = line is null ? 0 : int.Parse(line["Content-Length:".Length..], System.Globalization.CultureInfo.InvariantCulture);
            return Encoding.UTF8.GetByteCount(request[(headers + 4)..]) >= expected;
        }
    }
}
