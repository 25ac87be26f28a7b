namespace MassMessaging.WhatsApp;

/// <summary>The gateway's name for a message: a key of ours, so only what PostgreSQL stores and an index takes.</summary>
internal static class GatewayMessageId
{
    /// <summary>Baileys gives 20 to 32 characters, Meta about 60.</summary>
    private const int MaxLength = 200;

    public static bool IsValid(string id) => id.Length is > 0 and <= MaxLength && !id.Any(char.IsControl);
}
