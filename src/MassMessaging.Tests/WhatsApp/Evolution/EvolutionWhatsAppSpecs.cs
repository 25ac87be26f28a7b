using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Evolution;

namespace MassMessaging.Tests.WhatsApp.Evolution;

public sealed class EvolutionWhatsAppSpecs
{
    private const string Number = "+5491133334444";

    [Fact]
    public async Task The_gateway_gets_pure_digits_no_preview_and_the_global_key()
    {
        await using var gateway = RawGateway.Start(async connection =>
        {
            await connection.ReadRequest();
            await connection.Answer(201, RawGateway.Accepted);
        });

        Assert.Equal(new SendOutcome.Accepted("3EB0A"), await Send(gateway, text: "Hola 👋 {x}"));

        var request = gateway.Connections.Single().Arrived;
        Assert.StartsWith("POST /message/sendText/advisor-0042 HTTP/1.1\r\n", request, StringComparison.Ordinal);
        Assert.Contains("\r\napikey: secret\r\n", request, StringComparison.Ordinal);
        using var body = JsonDocument.Parse(request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        Assert.Equal(["number", "text", "linkPreview"], body.RootElement.EnumerateObject().Select(field => field.Name));
        Assert.Equal("5491133334444", body.RootElement.GetProperty("number").GetString());
        Assert.Equal("Hola 👋 {x}", body.RootElement.GetProperty("text").GetString());
        Assert.False(body.RootElement.GetProperty("linkPreview").GetBoolean());
    }

    [Fact]
    public async Task Without_permission_not_one_byte_leaves()
    {
        var closed = new TaskCompletionSource();
        await using var gateway = RawGateway.Start(async connection =>
        {
            Assert.Null(await connection.ReadRequest());
            closed.SetResult();
        });

        Assert.Equal(new SendOutcome.NotWritten("permit-expired"), await Send(gateway, mayWrite: () => false));

        await closed.Task;
        Assert.Equal("", gateway.Connections.Single().Arrived);
    }

    [Fact]
    public async Task Permission_is_asked_after_connecting()
    {
        var accepted = new TaskCompletionSource();
        await using var gateway = RawGateway.Start(async connection =>
        {
            accepted.TrySetResult();
            await connection.ReadRequest();
            await connection.Answer(201, RawGateway.Accepted);
        });

        var wasConnected = false;
        await Send(gateway, mayWrite: () => wasConnected = accepted.Task.Wait(TimeSpan.FromSeconds(10)));

        Assert.True(wasConnected);
    }

    [Fact]
    public async Task Permission_is_asked_for_each_send_on_a_kept_connection_and_nothing_of_the_refused_one_arrives()
    {
        await using var gateway = RawGateway.Start(async connection =>
        {
            while (await connection.ReadRequest() is not null) await connection.Answer(201, RawGateway.Accepted);
        });
        using var client = Client(gateway.Url);

        await Send(client, text: "first");
        Assert.IsType<SendOutcome.NotWritten>(await Send(client, text: "second", mayWrite: () => false));
        await Send(client, text: "third");

        var arrived = string.Concat(gateway.Connections.Select(connection => connection.Arrived));
        Assert.Contains("first", arrived, StringComparison.Ordinal);
        Assert.DoesNotContain("second", arrived, StringComparison.Ordinal);
        Assert.Contains("third", arrived, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listening_is_not_written()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        using var client = Client(new Uri($"http://127.0.0.1:{port}/"));
        Assert.Equal(new SendOutcome.NotWritten("gateway-unreachable"), await Send(client));
    }

    [Fact]
    public async Task No_gateway_configured_is_not_written()
    {
        using var client = Client(url: null);
        Assert.Equal(new SendOutcome.NotWritten("gateway-not-configured"), await Send(client));
    }

    [Fact]
    public async Task Closing_before_reading_may_still_have_sent()
    {
        await using var gateway = RawGateway.Start(connection =>
        {
            connection.Reset();
            return Task.CompletedTask;
        });

        var outcome = await Send(gateway);

        // The bytes may have left before the reset was seen: only what was surely not written may be sent again.
        Assert.True(outcome is SendOutcome.Unknown { Reason: "connection-lost" } or SendOutcome.NotWritten, outcome.ToString());
    }

    [Fact]
    public async Task Closing_after_taking_the_message_is_unknown()
    {
        await using var gateway = RawGateway.Start(async connection =>
        {
            await connection.ReadRequest();
            connection.Reset();
        });

        Assert.Equal(new SendOutcome.Unknown("connection-lost"), await Send(gateway));
        Assert.Single(gateway.Connections);
    }

    [Fact]
    public async Task A_kept_connection_that_closes_on_the_next_send_is_not_tried_again()
    {
        var sends = 0;
        await using var gateway = RawGateway.Start(async connection =>
        {
            while (await connection.ReadRequest() is not null)
            {
                if (Interlocked.Increment(ref sends) > 1)
                {
                    connection.Close();
                    return;
                }

                await connection.Answer(201, RawGateway.Accepted);
            }
        });
        using var client = Client(gateway.Url);

        Assert.IsType<SendOutcome.Accepted>(await Send(client));
        Assert.Equal(new SendOutcome.Unknown("connection-lost"), await Send(client));
        Assert.Equal(2, sends);
    }

    [Fact]
    public async Task A_hanging_gateway_is_unknown_after_the_call_timeout()
    {
        await using var gateway = RawGateway.Start(connection => connection.ReadRequest());
        using var client = Client(gateway.Url, callTimeout: TimeSpan.FromMilliseconds(300));

        Assert.Equal(new SendOutcome.Unknown("call-timeout"), await Send(client));
    }

    [Fact]
    public async Task An_answer_that_trickles_for_ever_is_unknown_after_the_call_timeout()
    {
        await using var gateway = RawGateway.Start(async connection =>
        {
            await connection.ReadRequest();
            await connection.Write("HTTP/1.1 201 X\r\nContent-Length: 500\r\n\r\n{\"key\"");
        });
        using var client = Client(gateway.Url, callTimeout: TimeSpan.FromMilliseconds(300));

        Assert.Equal(new SendOutcome.Unknown("call-timeout"), await Send(client));
    }

    [Fact]
    public async Task An_answer_cut_short_is_unknown()
    {
        await using var gateway = RawGateway.Start(async connection =>
        {
            await connection.ReadRequest();
            await connection.Write("HTTP/1.1 201 X\r\nContent-Length: 500\r\n\r\n{\"key\"");
            connection.Close();
        });

        Assert.Equal(new SendOutcome.Unknown("connection-lost"), await Send(gateway));
    }

    [Fact]
    public async Task An_endless_answer_is_not_read_to_its_end()
    {
        await using var gateway = RawGateway.Start(async connection =>
        {
            await connection.ReadRequest();
            await connection.Answer(201, $$$"""{"padding":"{{{new string('x', 500_000)}}}","key":{"id":"3EB0A"}}""");
        });

        Assert.Equal(new SendOutcome.Unknown("no-message-id"), await Send(gateway));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var gateway = RawGateway.Start(async connection =>
        {
            await connection.ReadRequest();
            await connection.Answer(307, "", "Location: /elsewhere\r\n");
        });

        Assert.Equal(new SendOutcome.Unknown("gateway-answered-307"), await Send(gateway));
        Assert.Single(gateway.Connections);
    }

    [Fact]
    public async Task Being_told_to_wait_says_how_long()
    {
        await using var gateway = RawGateway.Start(async connection =>
        {
            await connection.ReadRequest();
            await connection.Answer(429, "", "Retry-After: 7\r\n");
        });

        Assert.Equal(new SendOutcome.Throttled(TimeSpan.FromSeconds(7)), await Send(gateway));
    }

    [Fact]
    public async Task Given_up_before_the_first_byte_is_not_written()
    {
        await using var gateway = RawGateway.Start(connection => connection.ReadRequest());
        using var client = Client(gateway.Url);

        Assert.Equal(new SendOutcome.NotWritten("cancelled"), await Send(client, ct: new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Given_up_after_the_first_byte_is_unknown()
    {
        using var impatience = new CancellationTokenSource();
        await using var gateway = RawGateway.Start(async connection =>
        {
            await connection.ReadRequest();
            await impatience.CancelAsync();
        });
        using var client = Client(gateway.Url);

        Assert.Equal(new SendOutcome.Unknown("cancelled"), await Send(client, ct: impatience.Token));
    }

    [Fact]
    public async Task A_body_is_never_written_twice()
    {
        using var content = new OnceContent([1, 2, 3], () => true);
        using var target = new MemoryStream();
        await content.CopyToAsync(target);

        await Assert.ThrowsAnyAsync<Exception>(() => content.CopyToAsync(target));

        Assert.Equal(3, target.Length);
    }

    private static EvolutionClient Client(Uri? url, TimeSpan? callTimeout = null) =>
        new(new EvolutionOptions(url, "secret", callTimeout ?? TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5)));

    private static async Task<SendOutcome> Send(RawGateway gateway, string text = "Hola", Func<bool>? mayWrite = null)
    {
        using var client = Client(gateway.Url);
        return await Send(client, text, mayWrite);
    }

    private static Task<SendOutcome> Send(
        EvolutionClient client, string text = "Hola", Func<bool>? mayWrite = null, CancellationToken ct = default) =>
        new EvolutionWhatsApp(client).SendText("advisor-0042", Number, text, mayWrite ?? (() => true), ct);
}
