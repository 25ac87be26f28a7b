using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using MassMessaging.Simulator;
using MassMessaging.Tests.Proof;

namespace MassMessaging.Tests.Crash;

/// <summary>
/// What a node wrote to the gateway, and when: read at the near end of the wire, since what the network does to it behind that is not the
/// node's.
/// </summary>
internal sealed partial class SendTap(Ledger ledger)
{
    private const int Longest = 64 * 1024;
    private readonly ConcurrentQueue<Arrival> written = [];

    public IReadOnlyList<Arrival> Written => [.. written];

    /// <summary>Of one connection.</summary>
    public Action<ReadOnlyMemory<byte>> Listen()
    {
        var text = new StringBuilder();
        return piece =>
        {
            text.Append(Encoding.Latin1.GetString(piece.Span));
            var (heard, end) = (text.ToString(), 0);
            foreach (var send in Sends().EnumerateMatches(heard))
            {
                var match = Sends().Match(heard, send.Index);
                var (instance, number, words) = (match.Groups["instance"].Value, match.Groups["number"].Value, match.Groups["text"].Value);
                written.Enqueue(new(instance, number, words, ledger.Micros, TimeProvider.System.GetUtcNow()));
                end = send.Index + send.Length;
            }

            text.Remove(0, Math.Max(end, text.Length - Longest));
        };
    }

    [GeneratedRegex(
        "POST /message/sendText/(?<instance>[^ ]+) HTTP.+?\\{\"number\":\"(?<number>[0-9]+)\",\"text\":\"(?<text>[^\"\\\\]*)", RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sends();
}
