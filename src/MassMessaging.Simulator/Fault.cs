using System.Collections.Frozen;
using System.Text.Json;

namespace MassMessaging.Simulator;

/// <summary>
/// What can go wrong. Names ending in `After` happen once the message is on its way to the person, so that the ledger has it;
/// all other answers are given before.
/// </summary>
public enum FaultKind
{
    /// <summary>The answer waits for a fixed time or a range; the message itself is taken at once.</summary>
    AnswerDelay,
    ServerError,
    ConnectionClosed,
    NeverConnected,
    NotLoaded,
    SocketGone,
    NotLinked,
    SocketClosed,
    TimedOut,
    TimedOutAfter,
    BadGateway,
    BadGatewayAfter,
    TooMany,
    Unauthorized,
    NotOnWhatsapp,
    /// <summary>Meta's error with the code <see cref="Fault.Text"/>; on WHATSAPP-BUSINESS as a 201.</summary>
    MetaError,
    /// <summary>Cloud API only: Meta's error, though the message was taken.</summary>
    MetaErrorAfter,
    Hang,
    HangAfter,
    CloseBefore,
    CloseAfter,
    /// <summary>Taken, then the status ERROR (Cloud API: failed, with the code <see cref="Fault.Text"/>) and nothing else.</summary>
    ErrorAfter,
    ReadFirst,
    Lid,
    /// <summary>The row race: no webhook, and no row to pull either.</summary>
    LostStatus,
    /// <summary>No webhook, but the row can be pulled.</summary>
    LostWebhook,
    Repeat,
    Regress,
    NoServerAck,
    NoDelivery,
    NoRead,
    SendMessageFirst,
    SendMessageLate,
    NoSendMessage,
    /// <summary>WHATSAPP-BUSINESS only: statuses name somebody else's number.</summary>
    WrongRemoteJid,
    /// <summary>Cloud API only: read at once, so that `delivered` never comes.</summary>
    ReadOnly,
    /// <summary>Cloud API only: a template's message waits for its quality to be measured.</summary>
    HeldForQuality,
    /// <summary>Cloud API only: who answers hides the phone.</summary>
    NoFrom,
    /// <summary>The person answers with <see cref="Fault.Text"/> once the message is delivered.</summary>
    Reply,
}

/// <summary>One switched fault. Everything after the kind narrows it down.</summary>
/// <param name="Instance">null: every instance.</param>
/// <param name="Number">Only numbers that end in these digits.</param>
/// <param name="Times">Only the next so many sends that it meets; null: until it is cleared.</param>
/// <param name="Milliseconds">Of <see cref="FaultKind.AnswerDelay"/>: the delay, or the range's beginning.</param>
/// <param name="UpToMilliseconds">The range's end; null: no range.</param>
/// <param name="Text">The error's message, Meta's code, or the reply's text.</param>
public sealed record Fault(
    FaultKind Kind,
    string? Instance = null,
    string? Number = null,
    double Probability = 1,
    int? Times = null,
    int Milliseconds = 0,
    int? UpToMilliseconds = null,
    string? Text = null)
{
    /// <summary>`close_after` and its like, as spoken over HTTP.</summary>
    public string Name => FaultNames.Of(Kind);
}

public static class FaultNames
{
    private static readonly FrozenDictionary<FaultKind, string> Names = Enum.GetValues<FaultKind>()
        .ToFrozenDictionary(kind => kind, kind => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()));

    private static readonly FrozenDictionary<string, FaultKind> Kinds = Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key);

    public static IEnumerable<string> All => Names.OrderBy(pair => pair.Key).Select(pair => pair.Value);

    public static string Of(FaultKind kind) => Names[kind];

    public static bool TryParse(string? name, out FaultKind kind)
    {
        kind = default;
        return name is not null && Kinds.TryGetValue(name, out kind);
    }
}
