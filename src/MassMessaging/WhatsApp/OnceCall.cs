namespace MassMessaging.WhatsApp;

/// <summary>A send is one request, written once: what breaks before its first byte sent nothing, what breaks after it may have.</summary>
internal static class OnceCall
{
    /// <param name="gateway"><c>evolution</c> or <c>cloud</c>, for monitoring.</param>
    /// <param name="call">Sends <paramref name="content"/> and reads the answer; may throw.</param>
    public static async Task<SendOutcome> Outcome(string gateway, OnceContent content, Func<Task<SendOutcome>> call, CancellationToken ct)
    {
        var from = TimeProvider.System.GetTimestamp();
        var outcome = await Outcome(content, call, ct);
        WhatsAppMeter.Called(gateway, outcome, TimeProvider.System.GetElapsedTime(from));
        return outcome;
    }

    private static async Task<SendOutcome> Outcome(OnceContent content, Func<Task<SendOutcome>> call, CancellationToken ct)
    {
        try
        {
            return await call();
        }
        catch (Exception) when (content.IsRefused)
        {
            return new SendOutcome.NotWritten("permit-expired");
        }
        catch (Exception fault)
        {
            return content.IsWritten ? new SendOutcome.Unknown(ReasonOf(fault, ct)) : new SendOutcome.NotWritten(ReasonBefore(fault, ct));
        }
    }

    private static string ReasonBefore(Exception fault, CancellationToken ct) => fault switch
    {
        OperationCanceledException when ct.IsCancellationRequested => "cancelled",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => "gateway-tls-failed",
        _ => "gateway-unreachable",
    };

    private static string ReasonOf(Exception fault, CancellationToken ct) => fault switch
    {
        OperationCanceledException => ct.IsCancellationRequested ? "cancelled" : "call-timeout",
        _ => "connection-lost",
    };
}
