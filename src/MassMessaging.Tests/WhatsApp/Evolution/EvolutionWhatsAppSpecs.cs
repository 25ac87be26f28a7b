using System.Text.Json;
using MassMessaging.WhatsApp;
using static MassMessaging.Tests.WhatsApp.Evolution.Sends;

namespace MassMessaging.Tests.WhatsApp.Evolution;

public sealed class EvolutionWhatsAppSpecs
{
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
    public async Task A_body_is_never_written_twice()
    {
        using var content = new OnceContent([1, 2, 3], () => true);
        using var target = new MemoryStream();
        await content.CopyToAsync(target);

        await Assert.ThrowsAnyAsync<Exception>(() => content.CopyToAsync(target));

        Assert.Equal(3, target.Length);
    }
}
