using System.Data.Common;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Http;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Replies;

/// <summary>Somebody opted out by this message, and is to be told once that it was understood.</summary>
public sealed record ConfirmOptOut(Guid Profile, string Instance, string GatewayId)
{
    public string Name => $"{Instance}/{GatewayId}";

    public (string, object?)[] Key() => [("profile", Profile), ("instance", Instance), ("gatewayId", GatewayId)];
}

/// <summary>
/// Takes a slot of the lane, marks the confirmation as attempted in the same commit, and calls: a kill leaves it unsent or in doubt, and
/// an attempt whose end is unknown is not repeated. What was surely not sent is tried again for a day.
/// </summary>
public sealed class ConfirmOptOutHandler(IStore store, GatewayCalls calls, LaneHolds holds, SendingOptions options, Random random)
    : IHandle<ConfirmOptOut>
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);
    private static readonly TimeSpan Missed = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Latest = TimeSpan.FromMinutes(15); // what holds the lane may end sooner than it says

    private const string Select = """
        select c.name, c.phone, w.language, w.at
        from consent_word w
        join client c on c.profile_id = w.profile_id and c.id = w.client_id and c.opted_out_at is not null
        where w.profile_id = @profile and w.instance = @instance and w.gateway_id = @gatewayId and w.confirmation = 'waiting'
        """;

    private const string Mark = """
        update consent_word set confirmation = @to
        where profile_id = @profile and instance = @instance and gateway_id = @gatewayId and confirmation = @from
        """;

    private sealed record Asked(Recipient Recipient, string Language, DateTimeOffset At);

    public async Task Handle(IReadOnlyList<ConfirmOptOut> messages, ISession session, CancellationToken ct)
    {
        foreach (var message in messages) await Handle(message, session, ct);
    }

    /// <summary>What is said, in the language of the word.</summary>
    public static string Text(string language) => language switch
    {
        "pt" => "Pronto, não enviaremos mais mensagens. Se mudar de ideia, escreva VOLTAR.",
        "en" => "Done, we will not send you any more messages. If you change your mind, write START.",
        _ => "Listo, no te enviaremos más mensajes. Si cambias de opinión, escribe ALTA.",
    };

    private async Task Handle(ConfirmOptOut message, ISession session, CancellationToken ct)
    {
        if (await store.Query(Select, Read, ct, message.Key()) is not [var asked]) return; // Erased, opted in again, or told already.

        if (store.Clock.GetUtcNow() - asked.At > Longest)
        {
            await Keep(session, message, "waiting", "given_up", ct);
            return;
        }

        try
        {
            if (await Slot(message, asked, ct) is { } permit) await Call(message, asked, permit, session, ct);
        }
        catch (ProblemException held)
        {
            Again(session, message, held.Problem.RetryAfter ?? Later);
        }
    }

    /// <summary>Null: somebody else has marked it meanwhile.</summary>
    private async Task<Permit?> Slot(ConfirmOptOut message, Asked asked, CancellationToken ct)
    {
        await using var slot = store.Open(Origin.System);
        var permit = await SpareSlot.Take(slot, message.Profile, asked.Recipient, options, random, store.Clock, ct);
        if (!await Keep(slot, message, "waiting", "attempted", ct)) return null;

        await slot.Commit(ct);
        return permit;
    }

    private async Task Call(ConfirmOptOut message, Asked asked, Permit permit, ISession session, CancellationToken ct)
    {
        var outcome = await calls.CallOnce(permit, _ => Text(asked.Language));
        if (permit.IsProbe || outcome is SendOutcome.Accepted or SendOutcome.Throttled)
            await holds.Learn([new CallOutcome(permit, outcome, store.Clock.GetUtcNow())], CancellationToken.None);
        if (outcome is SendOutcome.Unknown) return;

        if (outcome is SendOutcome.Accepted { GatewayMessageId: var id })
            await GatewayMessages.Aside(session, permit.Instance, id, permit.MessageId, ct);
        var next = outcome is SendOutcome.Accepted ? "sent" : outcome is SendOutcome.Refused ? "failed" : "waiting";
        if (await Keep(session, message, "attempted", next, ct) && next == "waiting") Again(session, message, Wait(outcome));
    }

    private static TimeSpan Wait(SendOutcome outcome) => outcome switch
    {
        SendOutcome.NotWritten { Reason: "permit-expired" } => Missed, // a busy machine: that slot is lost
        SendOutcome.Throttled { RetryAfter: { } asked } when asked > Later => asked,
        _ => Later,
    };

    private static void Again(ISession session, ConfirmOptOut message, TimeSpan wait) =>
        session.Send(message, message.Name, session.Now + (wait < Latest ? wait : Latest));

    private static async Task<bool> Keep(ISession session, ConfirmOptOut message, string from, string to, CancellationToken ct) =>
        await session.Sql(Mark, ct, [.. message.Key(), ("from", from), ("to", to)]) == 1;

    private static Asked Read(DbDataReader row) =>
        new(new Recipient(row.GetString(0), row.GetString(1)), row.GetString(2), row.GetFieldValue<DateTimeOffset>(3));
}
