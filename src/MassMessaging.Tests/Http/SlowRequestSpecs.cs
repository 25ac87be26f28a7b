using System.Net.Sockets;
using System.Text;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Http;

public sealed class SlowRequestSpecs(TestApp app) : IClassFixture<TestApp>
{
    [Fact]
    public async Task Who_sends_too_slowly_is_not_waited_for()
    {
        using var slow = new TcpClient();
        await slow.ConnectAsync(app.Address.Host, app.Address.Port);
        await using var stream = slow.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            "POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"));

        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"request-timeout\"", answer, StringComparison.Ordinal);
    }
}
