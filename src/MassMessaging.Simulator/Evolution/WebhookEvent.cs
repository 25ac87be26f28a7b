namespace MassMessaging.Simulator.Evolution;

/// <param name="Name">As in the body: `messages.update`.</param>
public sealed record WebhookEvent(string Name)
{
    public static WebhookEvent QrCodeUpdated { get; } = new("qrcode.updated");

    public static WebhookEvent ConnectionUpdate { get; } = new("connection.update");

    public static WebhookEvent StatusInstance { get; } = new("status.instance");

    public static WebhookEvent LogoutInstance { get; } = new("logout.instance");

    public static WebhookEvent InstanceCreate { get; } = new("instance.create");

    public static WebhookEvent InstanceDelete { get; } = new("instance.delete");

    public static WebhookEvent RemoveInstance { get; } = new("remove.instance");

    public static WebhookEvent SendMessage { get; } = new("send.message");

    public static WebhookEvent MessagesUpdate { get; } = new("messages.update");

    public static WebhookEvent MessagesUpsert { get; } = new("messages.upsert");

    /// <summary>As subscribed to: `MESSAGES_UPDATE`.</summary>
    public string Subscription { get; } = Name.Replace('.', '_').ToUpperInvariant();

    /// <summary>As appended to the url with `byEvents`: `messages-update`.</summary>
    public string Path { get; } = Name.Replace('.', '-').Replace('_', '-');
}
