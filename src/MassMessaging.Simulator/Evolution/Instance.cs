namespace MassMessaging.Simulator.Evolution;

public enum Integration { Baileys, Business }

public enum Connection { Close, Connecting, Open }

public sealed record InstanceSettings(
    bool RejectCall = false,
    string MsgCall = "",
    bool GroupsIgnore = false,
    bool AlwaysOnline = false,
    bool ReadMessages = false,
    bool ReadStatus = false,
    bool SyncFullHistory = false);

/// <summary>One linked device (or one Meta number) and its socket.</summary>
public sealed class Instance(string name, Integration integration, string token, string? number, DateTimeOffset createdAt)
{
    private volatile Connection connection = integration == Integration.Business ? Connection.Open : Connection.Close;
    private volatile WebhookSettings? webhook;
    private volatile string? ownJid;

    public string Name { get; } = name;

    public string Id { get; init; } = Guid.NewGuid().ToString();

    public Integration Integration { get; } = integration;

    /// <summary>On WHATSAPP-BUSINESS this is Meta's access token too.</summary>
    public string Token { get; } = token;

    public string? Number { get; set; } = number;

    public string? BusinessId { get; init; }

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public Connection Connection
    {
        get => connection;
        set => connection = value;
    }

    /// <summary>Whether a socket object exists at all: without one, calls fail in other words than over a closed one.</summary>
    public bool HasSocket { get; set; }

    /// <summary>The phone's own address, from the first `open` on.</summary>
    public string? OwnJid
    {
        get => ownJid;
        set => ownJid = value;
    }

    public WebhookSettings? Webhook
    {
        get => webhook;
        set => webhook = value;
    }

    public InstanceSettings Settings { get; set; } = new();

    public int QrCodes { get; set; }

    /// <summary>A link attempt that a later one, a log-out or a deletion has overtaken changes nothing any more.</summary>
    public int Attempt { get; set; }

    public bool IsDeleted { get; set; }

    public int? DisconnectionReason { get; set; }

    public DateTimeOffset? DisconnectedAt { get; set; }

    public string IntegrationName => Integration == Integration.Business ? "WHATSAPP-BUSINESS" : "WHATSAPP-BAILEYS";

    public string State => Connection switch
    {
        Connection.Open => "open",
        Connection.Connecting => "connecting",
        _ => "close",
    };
}
