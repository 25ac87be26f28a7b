using System.Diagnostics;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns;

/// <summary>
/// The spans of single messages: a call goes on with the trace of its campaign's launch, a receipt with the one of its message's call. Ids
/// and codes only: never a name, a phone or a text.
/// </summary>
internal static class CampaignTraces
{
    private static readonly ActivitySource Source = new("MassMessaging.Campaigns");

    /// <summary>Whether it is worth finding out what trace a campaign is of.</summary>
    public static bool AreKept => Source.HasListeners();

    /// <param name="launch">Null: the call is a part of what goes on. What goes on in no trace is not sampled a second time.</param>
    public static Activity? Call(Permit permit, string? launch)
    {
        if (launch is null && Activity.Current is null) return null;

        var call = Source.StartActivity("send message", ActivityKind.Producer, Traces.Parse(launch));
        if (call is not { IsAllDataRequested: true }) return call;

        return call.SetTag("messaging.system", "whatsapp")
            .SetTag("messaging.operation.name", "send").SetTag("messaging.operation.type", "send")
            .SetTag("messaging.destination.name", permit.Instance).SetTag("messaging.message.id", permit.MessageId)
            .SetTag("massmessaging.profile", permit.Member.Profile).SetTag("massmessaging.campaign", permit.CampaignId)
            .SetTag("massmessaging.member", permit.Member.Id);
    }

    public static void Ended(Activity? call, SendOutcome outcome)
    {
        if (call is not { IsAllDataRequested: true }) return;

        call.SetTag("massmessaging.outcome", outcome.Word());
        if (outcome is not SendOutcome.Accepted) call.SetStatus(ActivityStatusCode.Error).SetTag("error.type", outcome.Cause() ?? outcome.Word());
    }

    /// <param name="message">Trace of the message's call; null: nobody keeps it.</param>
    /// <param name="broughtBy">Trace of the request that brought the receipt: linked, for one request may bring receipts of many.</param>
    public static Activity? Receipt(string? message, GatewayMessage about, ReceiptKind kind, string? broughtBy)
    {
        if (message is null || !AreKept) return null;

        var receipt = Source.StartActivity(
            "process receipt", ActivityKind.Consumer, Traces.Parse(message), links: Traces.Links([message, broughtBy]));
        if (receipt is not { IsAllDataRequested: true }) return receipt;

        return receipt.SetTag("messaging.system", "whatsapp")
            .SetTag("messaging.operation.name", "process").SetTag("messaging.operation.type", "process")
            .SetTag("messaging.message.id", about.MessageId).SetTag("massmessaging.receipt", kind.ToString().ToLowerInvariant());
    }
}
