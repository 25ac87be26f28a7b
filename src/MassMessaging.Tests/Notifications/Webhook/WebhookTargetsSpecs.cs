using System.Net;
using System.Net.Sockets;
using MassMessaging.Notifications.Webhook;

namespace MassMessaging.Tests.Notifications.Webhook;

public sealed class WebhookTargetsSpecs
{
    private static readonly WebhookOptions Production = new(AllowLoopback: false, TimeSpan.FromSeconds(10));

    [Theory]
    [InlineData("https://crm.example.com/hooks?key=1")]
    [InlineData("https://crm.example.com:8443/")]
    [InlineData("https://ñandú.example/")]
    public void An_https_address_may_be_called(string url) => Assert.NotNull(Of(Production).Parse(url));

    [Theory]
    [InlineData("http://crm.example.com/")]
    [InlineData("ftp://crm.example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("crm.example.com")]
    [InlineData("/hooks")]
    [InlineData("https://")]
    [InlineData("https://user:pass@crm.example.com/")]
    [InlineData("https://user@crm.example.com/")]
    [InlineData("https://crm.example.com/#part")]
    [InlineData("https://crm.example.com:22/")]
    [InlineData("https://crm.example.com:0/")]
    [InlineData("https://crm.example.com:80/")]
    public void Another_is_refused_for_how_it_is_written(string url) => Assert.Null(Of(Production).Parse(url));

    [Theory]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:10.0.0.1]/")]
    [InlineData("https://[64:ff9b::a00:1]/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    public async Task However_a_private_address_is_spelled_it_is_refused(string url)
    {
        var targets = Of(Production);

        if (targets.Parse(url) is { } parsed)
            await Assert.ThrowsAsync<TargetRefusedException>(() => targets.Addresses(parsed.IdnHost, CancellationToken.None));
    }

    [Fact]
    public async Task A_name_that_leads_to_a_private_address_among_public_ones_is_refused() => await Assert.ThrowsAsync<TargetRefusedException>(
        () => Of(Production, "1.1.1.1", "10.0.0.1").Addresses("crm.example.com", CancellationToken.None));

    [Fact]
    public async Task A_name_that_leads_nowhere_is_refused_the_same_way()
    {
        await Assert.ThrowsAsync<TargetRefusedException>(() => Of(Production).Addresses("crm.example.com", CancellationToken.None));
        var unknown = new WebhookTargets(Production, (_, _) => throw new SocketException((int)SocketError.HostNotFound));
        await Assert.ThrowsAsync<TargetRefusedException>(() => unknown.Addresses("crm.example.com", CancellationToken.None));
    }

    [Fact]
    public async Task A_public_name_leads_to_its_addresses() =>
        Assert.Equal([IPAddress.Parse("1.1.1.1")], await Of(Production, "1.1.1.1").Addresses("crm.example.com", CancellationToken.None));

    [Fact]
    public async Task Development_may_call_this_machine_in_clear_but_no_other_private_one()
    {
        var targets = Of(Production with { AllowLoopback = true });

        Assert.NotNull(targets.Parse("http://127.0.0.1:5099/"));
        Assert.Equal([IPAddress.Loopback], await targets.Addresses("127.0.0.1", CancellationToken.None));
        await Assert.ThrowsAsync<TargetRefusedException>(() => targets.Addresses("10.0.0.1", CancellationToken.None));
    }

    private static WebhookTargets Of(WebhookOptions options, params string[] addresses) =>
        new(options, (_, _) => Task.FromResult(addresses.Select(IPAddress.Parse).ToArray()));
}
