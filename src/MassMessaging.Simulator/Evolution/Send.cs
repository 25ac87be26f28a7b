namespace MassMessaging.Simulator.Evolution;

/// <param name="Delay">Milliseconds for which the gateway pretends to type, holding the call.</param>
/// <param name="Type">`conversation`, `imageMessage` …</param>
internal sealed record SendRequest(string Number, string Text, int Delay, string Type);

internal static class Send
{
    /// <returns>null: the connection is to be reset.</returns>
    public static async Task<Reply?> Handle(Gateway gateway, Instance instance, SendRequest request, ReceivedSend received)
    {
        var digits = Jid.Digits(request.Number);
        received.Number = digits;
        var dice = Dice.For(gateway.Options.Seed, instance.Name, digits, request.Text);
        var faults = gateway.Faults.For(instance.Name, digits, ref dice);
        var business = instance.Integration == Integration.Business;
        if (faults.Answer(FaultAnswers.Before(business)) is { } refused) return await FaultAnswers.Give(gateway, refused);

        var known = business
            ? new WhatsAppNumber(Jid.Of(request.Number), true, request.Number)
            : Known(gateway, request.Number, digits, faults.Has(FaultKind.NotOnWhatsapp));
        if (!business && Unsendable(gateway, instance, known, digits) is { } refusal) return refusal;

        if (request.Delay > 0 && !business) await gateway.Hold(TimeSpan.FromMilliseconds(request.Delay));
        var after = faults.Answer(FaultAnswers.IsAfter);
        var entry = Take(gateway, instance, request, received, digits, known.Jid, faults, stored: after?.Kind != FaultKind.TimedOutAfter);
        Receipts.Plan(gateway, instance, entry, faults, ref dice);
        var sent = SentMessage.Json(instance, entry, request.Type, gateway.Now);
        if (entry.Stored) await Announce(gateway, instance, faults, sent);
        if (faults.Find(FaultKind.AnswerDelay) is { } slow) await gateway.Hold(FaultAnswers.Delay(slow, dice.Next()));
        if (after is not null) return await FaultAnswers.Give(gateway, after);

        return new Reply(201, sent) { Entry = entry };
    }

    private static WhatsAppNumber Known(Gateway gateway, string number, string digits, bool notOnWhatsApp) =>
        !notOnWhatsApp && gateway.KnownNumbers.TryGetValue(digits, out var known) ? known : WhatsAppNumber.Asked(number, notOnWhatsApp);

    /// <summary>A closed socket speaks in other words when the number is cached: nobody is asked, and only the send itself fails.</summary>
    private static Reply? Unsendable(Gateway gateway, Instance instance, WhatsAppNumber number, string digits)
    {
        if (!gateway.KnownNumbers.ContainsKey(digits))
        {
            if (Sockets.ClosedAtCheck(instance) is { } down) return down;
            if (!number.Exists) return Reply.NotOnWhatsApp(number);

            gateway.KnownNumbers.TryAdd(digits, number);
        }

        return number.Exists ? Sockets.ClosedAtSend(instance) : Reply.NotOnWhatsApp(number);
    }

    private static LedgerEntry Take(
        Gateway gateway,
        Instance instance,
        SendRequest request,
        ReceivedSend received,
        string digits,
        string jid,
        FaultPlan faults,
        bool stored)
    {
        received.Taken = true;
        return gateway.Ledger.Take(new LedgerEntry(
            0,
            instance.Name,
            instance.Id,
            digits,
            jid,
            request.Text,
            instance.Integration == Integration.Business ? MessageIds.Wamid() : MessageIds.Baileys(),
            received.ReceivedMicros,
            gateway.Ledger.Micros,
            received.ReceivedAt,
            faults.Names,
            stored));
    }

    /// <summary>The real gateway fires send.message just before it answers and waits for neither: they arrive in any order.</summary>
    private static async Task Announce(Gateway gateway, Instance instance, FaultPlan faults, byte[] sent)
    {
        if (!Webhooks.Wants(instance, WebhookEvent.SendMessage) || faults.Has(FaultKind.NoSendMessage)) return;

        if (faults.Has(FaultKind.SendMessageFirst)) await Deliver();
        else if (faults.Has(FaultKind.SendMessageLate)) gateway.Agenda.In(TimeSpan.FromMilliseconds(200), () => _ = Deliver());
        else _ = Deliver();

        Task Deliver() => gateway.Webhooks.Send(instance, WebhookEvent.SendMessage, json => json.WriteRawValue(sent));
    }
}
