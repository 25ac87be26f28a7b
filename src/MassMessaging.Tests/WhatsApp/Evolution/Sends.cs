using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Evolution;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.WhatsApp.Evolution;

/// <summary>Sends one text to a gateway that a spec has set up.</summary>
internal static class Sends
{
    public const string Number = "+5491133334444";

    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(75);

    /// <param name="clock">What the call timeout goes by; null: it never comes.</param>
    public static EvolutionClient Client(Uri? url, TimeProvider? clock = null, string key = "secret") =>
        new(new EvolutionOptions(url, key, CallTimeout, TimeSpan.FromSeconds(30)), clock ?? new FakeTimeProvider());

    public static async Task<SendOutcome> Send(RawGateway gateway, string text = "Hola", Func<bool>? mayWrite = null)
    {
        using var client = Client(gateway.Url);
        return await Send(client, text, mayWrite);
    }

    public static Task<SendOutcome> Send(
        EvolutionClient client, string text = "Hola", Func<bool>? mayWrite = null, CancellationToken ct = default) =>
        new EvolutionWhatsApp(client).SendText("advisor-0042", Number, text, mayWrite ?? (() => true), ct);
}
