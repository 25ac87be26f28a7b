using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace MassMessaging.Tests.Crash;

/// <summary>A network of one hop: a port of 127.0.0.1, whoever it leads to, and a weather that a spec makes.</summary>
internal sealed class TcpLink : IAsyncDisposable
{
    private static readonly byte[] Commit = Encoding.ASCII.GetBytes("COMMIT");
    private readonly Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource closing = new();
    private readonly ConcurrentDictionary<Flow, bool> flows = [];
    private readonly Func<int?> target;
    private volatile Weather weather = Weather.Fine;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task accepting;

    /// <param name="target">The port that it leads to now; null: nobody is there.</param>
    public TcpLink(Func<int?> target)
    {
        this.target = target;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        accepting = Accept();
    }

    public int Port => ((IPEndPoint)listener.LocalEndPoint!).Port;

    /// <summary>Makes somebody who is told what goes towards the target on one connection, before the weather meets it.</summary>
    public Func<Action<ReadOnlyMemory<byte>>>? Listens { get; init; }

    public void Becomes(Weather next)
    {
        var before = weather;
        weather = next;
        foreach (var flow in flows.Keys)
        {
            if (next.Loss == Loss.Reset || before.Loss == Loss.Connections) flow.Reset();
            else if (before.Loss == Loss.Silence) flow.Forget();
        }

        Interlocked.Exchange(ref changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Dispose();
        foreach (var flow in flows.Keys) flow.Reset();
        await accepting;
    }

    private async Task Accept()
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                _ = Carry(await listener.AcceptAsync(closing.Token));
            }
            catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // it is closed, or whoever came has left
            }
        }
    }

    /// <summary>Who listens hears what was written when it is written, whatever the weather does to it behind that.</summary>
    private async Task Carry(Socket near)
    {
        var (flow, asked, answered) = (new Flow(near), Channel.CreateUnbounded<byte[]>(), Channel.CreateUnbounded<byte[]>());
        flows[flow] = true;
        var reading = Read(near, asked.Writer, Listens?.Invoke());
        try
        {
            await Blocked();
            if (weather.Loss == Loss.Reset || target() is not { } port)
            {
                flow.Reset();
                return;
            }

            near.NoDelay = flow.Far.NoDelay = true;
            await flow.Far.ConnectAsync(IPAddress.Loopback, port, closing.Token);
            flow.IsCarried = true;
            _ = Read(flow.Far, answered.Writer, null);
            await await Task.WhenAny(Forward(flow, asked.Reader, flow.Far), Forward(flow, answered.Reader, near));
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // one side went; the other is told below
        }
        finally
        {
            if (flow.IsForgotten) await reading; // until the near side gives up
            flow.Close();
            flows.TryRemove(flow, out _);
        }
    }

    private async Task Read(Socket from, ChannelWriter<byte[]> pieces, Action<ReadOnlyMemory<byte>>? heard)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, closing.Token) is var read && read > 0)
            {
                heard?.Invoke(buffer.AsMemory(0, read));
                pieces.TryWrite(buffer[..read]);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // it ends here as well
        }
        finally
        {
            pieces.Complete();
        }
    }

    private async Task Forward(Flow flow, ChannelReader<byte[]> pieces, Socket to)
    {
        var isAnswer = ReferenceEquals(to, flow.Near);
        await foreach (var piece in pieces.ReadAllAsync(closing.Token))
        {
            await Blocked();
            if (flow.IsForgotten) return;

            var now = weather;
            if (isAnswer && (now.Loss == Loss.Answers || (now.Loss == Loss.Commits && piece.AsSpan().IndexOf(Commit) >= 0)))
            {
                flow.Reset();
                return;
            }

            if (now.For(piece.Length) is var late && late > TimeSpan.Zero) await Cluster.Passes(late);
            await to.SendAsync(piece, closing.Token);
        }
    }

    private async Task Blocked()
    {
        while (true)
        {
            var over = changed.Task;
            if (weather.Loss is not (Loss.Everything or Loss.Connections or Loss.Silence)) return;

            await over.WaitAsync(closing.Token);
        }
    }

    private sealed class Flow(Socket near)
    {
        public Socket Near => near;

        public Socket Far { get; } = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public bool IsCarried { get; set; }

        public bool IsForgotten { get; private set; }

        /// <summary>The far side sees an end, the near one nothing.</summary>
        public void Forget()
        {
            if (!IsCarried) return;

            IsForgotten = true;
            Far.Close(0);
        }

        public void Close()
        {
            near.Close();
            Far.Close();
        }

        /// <summary>At once, and both sides see that it was no end.</summary>
        public void Reset()
        {
            near.Close(0);
            Far.Close(0);
        }
    }
}
