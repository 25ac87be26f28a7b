namespace MassMessaging.WhatsApp.Cloud;

/// <summary>
/// A number at Meta as an instance of ours: <c>cloud:</c> and its phone number id. No name of an Evolution instance holds a colon, so the
/// instance alone tells the gateway: in permits, in webhooks, in the messages that wait for receipts.
/// </summary>
public static class CloudInstance
{
    /// <summary>What Meta takes of an ordinary number: 80 messages a second, in and out together.</summary>
    public const int PerSecond = 80;

    private const string Prefix = "cloud:";

    public static string Of(string phoneNumberId) => Prefix + phoneNumberId;

    public static bool Is(string instance) => instance.StartsWith(Prefix, StringComparison.Ordinal);

    public static string PhoneNumberId(string instance) => instance[Prefix.Length..];
}
