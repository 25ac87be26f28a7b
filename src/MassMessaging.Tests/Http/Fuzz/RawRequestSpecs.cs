using System.Net;
using System.Net.Sockets;
using System.Text;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Http.Fuzz;

/// <summary>What no HTTP client would send, byte by byte over a socket: refused or cut off, never a fault, and the next request is answered.</summary>
public sealed class RawRequestSpecs(TestCluster cluster)
{
    private const string Login = "POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    private const string Body = """{"email":"ana@example.com","password":"x"}""";

    private static readonly string[] Requests =
    [
        "", "\r\n\r\n", "\0\0\0\0", "GET", "GET /", "GET /\r\n\r\n", "GET / HTTP/9.9\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET  /  HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\u0001 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "GET http:// HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://evil.example/api/profile HTTP/1.1\r\nHost: a\r\n\r\n", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "GET /health/live HTTP/1.0\r\n\r\n", "GET /api/profile HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET /api/profile HTTP/1.1\r\nHost: a\r\n X: folded\r\n\r\n", "GET /api/profile HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n",
        "GET /api/profile HTTP/1.1\r\nHost: a\r\n: y\r\n\r\n",
        "GET /api/profile HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", "GET /api/profile HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
        "GET /api/profile HTTP/1.1\nHost: a\n\n", "GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n", "GET /docs/..%2f..%2fappsettings.json HTTP/1.1\r\nHost: a\r\n\r\n",
        $"GET /{new string('a', 20_000)} HTTP/1.1\r\nHost: a\r\n\r\n",
        $"GET / HTTP/1.1\r\nHost: a\r\nX: {new string('a', 60_000)}\r\n\r\n",
        $"GET / HTTP/1.1\r\nHost: a\r\n{string.Concat(Enumerable.Range(0, 300).Select(number => $"X{number}: a\r\n"))}\r\n",
        $"{new string('A', 20_000)} / HTTP/1.1\r\n\r\n",
        $"{Login}Content-Length: -1\r\n\r\n{Body}", $"{Login}Content-Length: x\r\n\r\n{Body}",
        $"{Login}Content-Length: 99999999999999999999\r\n\r\n{Body}", $"{Login}Content-Length: 42\r\nContent-Length: 41\r\n\r\n{Body}",
        $"{Login}Content-Length: 5000\r\n\r\n{Body}", $"{Login}Content-Length: 5\r\n\r\n{Body}", $"{Login}\r\n{Body}",
        $"{Login}Transfer-Encoding: chunked\r\n\r\nzz\r\n{Body}\r\n0\r\n\r\n", $"{Login}Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        $"{Login}Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{Body}",
        $"{Login}Transfer-Encoding: chunked\r\n\r\n2a\r\n{Body[..10]}", $"{Login}Transfer-Encoding: chunked\r\n\r\n5;ext=\"\r\n{Body}",
        $"{Login}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\nGET /api/profile HTTP/1.1\r\nHost: a\r\n\r\n",
        $"{Login}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        $"{Login}Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\n{{}}",
        $"{Login}Transfer-Encoding: \u000bchunked\r\nContent-Length: 2\r\n\r\n{{}}",
        $"{Login}Expect: 200-maybe\r\nContent-Length: 2\r\n\r\n{{}}",
        $"{Login}Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAA\r\nContent-Length: 2\r\n\r\n{{}}",
        "GET /api/notifications/events HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n",
        $"{Login}Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u001f\u008b\b\0",
        "GET /api/profile HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
        "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003", "GET /api/clients?q=\u00ff\u00fe HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /api/clients?\u00e9=\u00e9 HTTP/1.1\r\nHost: \u00e9\r\n\r\n",
    ];

    [Fact]
    public async Task What_is_hardly_HTTP_is_refused_or_cut_off_and_the_next_is_answered()
    {
        using var faults = new Faults();
        await using var app = await TestApp.Start(cluster, new TestAppOptions { Logs = faults });
        var wrong = new List<string>();
        foreach (var request in Requests)
        {
            var answer = await Asked(app.Address, request);
            var isRefused = answer.Length == 0 || answer.StartsWith("HTTP/1.1 4", StringComparison.Ordinal)
                || answer.StartsWith("HTTP/1.1 505", StringComparison.Ordinal) || request.StartsWith("PRI ", StringComparison.Ordinal); // which is told to go in HTTP/2's own words
            var isHarmless = answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) && request.Contains("/health/live", StringComparison.Ordinal);
            var isPreflight = answer.StartsWith("HTTP/1.1 204", StringComparison.Ordinal);
            if (!isRefused && !isHarmless && !isPreflight || answer.Contains("   at ", StringComparison.Ordinal) || answer.Contains("Server:", StringComparison.OrdinalIgnoreCase))
                wrong.Add($"{request[..Math.Min(request.Length, 200)]}\n  → {answer}");
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{Requests.Length} requests that are hardly HTTP");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal([], faults.All);
        using var client = app.Anonymous();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode);
    }

    /// <summary>All that came back before the connection ended.</summary>
    private static async Task<string> Asked(Uri service, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(service.Host, service.Port);
        var stream = socket.GetStream();
        using var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
            socket.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(answer);
        }
        catch (Exception cut) when (cut is IOException or SocketException)
        {
            // That is an answer too.
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
