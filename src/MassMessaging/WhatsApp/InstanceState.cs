namespace MassMessaging.WhatsApp;

public enum InstanceState
{
    Open,
    Connecting,
    Close,
}

/// <param name="QrCode">A PNG data URI, or the text to draw as a QR code; null when none is ready yet: ask again.</param>
public sealed record Connecting(InstanceState State, string? QrCode, string? PairingCode);
