namespace MassMessaging.Tests.WhatsApp;

/// <summary>What a gateway really sent, beside the specs.</summary>
internal static class Payload
{
    public static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "WhatsApp", "Payloads", $"{name}.json"));
}
