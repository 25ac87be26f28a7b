using System.Net;
using System.Net.Sockets;
using MassMessaging.WhatsApp;
using Microsoft.Extensions.Time.Testing;
using static MassMessaging.Tests.WhatsApp.Evolution.Sends;

namespace MassMessaging.Tests.WhatsApp.Evolution;

/// <summary>Gateways that break, hang, or are given up on: only what surely was not written may be sent again.</summary>
public sealed class EvolutionFaultSpecs
{
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
        var clock = new FakeTimeProvider();
        await using var gateway = RawGateway.Start(async connection =>
        {
            await connection.ReadRequest();
            clock.Advance(CallTimeout);
        });
        using var client = Client(gateway.Url, clock);

        Assert.Equal(new SendOutcome.Unknown("call-timeout"), await Send(client));
    }

    [Fact]
    public async Task An_answer_that_trickles_for_ever_is_unknown_after_the_call_timeout()
    {
        var clock = new FakeTimeProvider();
        await using var gateway = RawGateway.Start(async connection =>
        {
            await connection.ReadRequest();
            await connection.Write("HTTP/1.1 201 X\r\nContent-Length: 500\r\n\r\n{\"key\"");
            clock.Advance(CallTimeout);
        });
        using var client = Client(gateway.Url, clock);

        Assert.Equal(new SendOutcome.Unknown("call-timeout"), await Send(client));
    }

    [Fact]
    public async Task A_call_timeout_before_the_first_byte_is_not_written()
    {
        var clock = new FakeTimeProvider();
        await using var gateway = RawGateway.Start(connection => connection.ReadRequest());
        using var client = Client(gateway.Url, clock);

        var outcome = await Send(client, mayWrite: () =>
        {
            clock.Advance(CallTimeout);
            return true;
        });

        Assert.IsType<SendOutcome.NotWritten>(outcome);
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
}
