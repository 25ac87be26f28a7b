namespace MassMessaging.Templates;

/// <summary>What the variables of a message stand for.</summary>
/// <param name="ClientPhone">E.164.</param>
/// <param name="AdvisorPhone">E.164, or empty when the advisor has not given one.</param>
/// <param name="At">The moment of sending.</param>
/// <param name="TimeZone">IANA name of the profile's time zone; an unknown one is UTC.</param>
public sealed record MessageValues(
    string ClientName, string ClientPhone, string AdvisorName, string AdvisorPhone, string BusinessName, DateTimeOffset At,
    string TimeZone);
