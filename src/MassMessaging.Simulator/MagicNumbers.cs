namespace MassMessaging.Simulator;

/// <summary>
/// Numbers that carry their fault with them: any country, ending in `66600` and two digits. Seven digits, because specs and
/// benchmarks count numbers up and must not run into them.
/// </summary>
public static class MagicNumbers
{
    public const string Mark = "66600";

    public static IReadOnlyList<(string Ending, Fault Fault)> All { get; } =
    [
        .. new Fault[]
        {
            new(FaultKind.NotOnWhatsapp),
            new(FaultKind.ServerError),
            new(FaultKind.ConnectionClosed),
            new(FaultKind.Hang),
            new(FaultKind.HangAfter),
            new(FaultKind.CloseBefore),
            new(FaultKind.CloseAfter),
            new(FaultKind.TimedOut),
            new(FaultKind.TimedOutAfter),
            new(FaultKind.BadGateway),
            new(FaultKind.BadGatewayAfter),
            new(FaultKind.TooMany),
            new(FaultKind.AnswerDelay, Milliseconds: 5000),
            new(FaultKind.ErrorAfter),
            new(FaultKind.ReadFirst),
            new(FaultKind.Lid),
            new(FaultKind.LostStatus),
            new(FaultKind.LostWebhook),
            new(FaultKind.Repeat),
            new(FaultKind.Regress),
            new(FaultKind.NoDelivery),
            new(FaultKind.NoRead),
            new(FaultKind.MetaError),
            new(FaultKind.Reply, Text: "BAJA"),
            new(FaultKind.Reply, Text: "Hola, me interesa. ¿Cuándo podemos hablar?"),
        }.Select((fault, index) => ($"{Mark}{index + 1:00}", fault)),
    ];

    public static Fault? Of(string number)
    {
        if (number.Length < 7 || !number.AsSpan(number.Length - 7, 5).SequenceEqual(Mark)) return null;

        var code = ((number[^2] - '0') * 10) + (number[^1] - '0');
        return code >= 1 && code <= All.Count ? All[code - 1].Fault : null;
    }
}
