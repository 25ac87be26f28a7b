using System.Text;
using MassMessaging.Notifications.Webhook;

namespace MassMessaging.Tests.Notifications.Webhook;

public sealed class WebhookSignatureSpecs
{
    /// <summary>As <c>printf '1767225600.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef</c> says.</summary>
    [Fact]
    public void It_is_what_any_other_implementation_computes() => Assert.Equal(
        "t=1767225600,v1=539b0e21b535c5201ef7d1453c0a0de4ad132293226de9018be0cfbf0092faa6",
        WebhookSignature.Of("0123456789abcdef", DateTimeOffset.FromUnixTimeSeconds(1_767_225_600), Encoding.UTF8.GetBytes("{\"a\":1}")));
}
