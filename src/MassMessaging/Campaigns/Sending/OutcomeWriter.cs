using MassMessaging.Kernel;
using MassMessaging.WhatsApp;
using Npgsql;

namespace MassMessaging.Campaigns.Sending;

public sealed record CallOutcome(Permit Permit, SendOutcome Outcome, DateTimeOffset At)
{
    /// <summary>W3C trace context of the call: what is told of the message later goes on from there.</summary>
    public string? Trace { get; init; }
}

/// <summary>
/// Commits outcomes as they come, over all lanes, in groups of at most 500 or 10 ms: never waiting for the slowest call. What was learned
/// from the gateway is written again and again until the database takes it; a fold that already knows it answers nothing.
/// </summary>
public sealed class OutcomeWriter
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(2);
    private readonly IStore store;
    private readonly LaneHolds holds;
    private readonly TimeProvider clock;
    private readonly ILogger<OutcomeWriter> log;
    private readonly GroupCommit<CallOutcome> group;

    public OutcomeWriter(IStore store, LaneHolds holds, TimeProvider clock, ILogger<OutcomeWriter> log)
    {
        (this.store, this.holds, this.clock, this.log) = (store, holds, clock, log);
        group = new GroupCommit<CallOutcome>(500, TimeSpan.FromMilliseconds(10), WriteUntilKept);
    }

    public Task Write(CallOutcome outcome) => group.Write(outcome, CancellationToken.None);

    private async Task WriteUntilKept(IReadOnlyList<CallOutcome> outcomes, CancellationToken ct)
    {
        var hasLearned = false;
        for (var wait = FirstRetry; ; wait = wait * 2 < LastRetry ? wait * 2 : LastRetry)
        {
            try
            {
                if (!AreKnown(outcomes) || !await CommitKnown(outcomes, ct)) await Commit(outcomes, areKnown: false, ct);
                var givesBack = !hasLearned;
                hasLearned = true;
                await holds.Learn(outcomes, ct, givesBack);
                return;
            }
            catch (PostgresException error) when (!error.IsTransient && error.SqlState is { } state && IsAboutTheData(state))
            {
                await Isolate(outcomes, error, ct);
                return;
            }
            catch (Exception error) when (!error.IsStop(ct))
            {
                log.LogWarning(error, "{Count} outcomes wait for the database", outcomes.Count);
                await Task.Delay(wait, clock, ct);
            }
        }
    }

    /// <summary>SQLSTATE classes 21 to 23 and 54: the same batch would fail for ever.</summary>
    private static bool IsAboutTheData(string state) => state[..2] is "21" or "22" or "23" or "54";

    /// <summary>One bad outcome spoils only itself: its member goes in doubt when its time is over.</summary>
    private async Task Isolate(IReadOnlyList<CallOutcome> outcomes, PostgresException error, CancellationToken ct)
    {
        if (outcomes is [var only])
            log.LogError(error, "The outcome of message {MessageId} cannot be written", only.Permit.MessageId);
        else
            foreach (var outcome in outcomes) await WriteUntilKept([outcome], ct);
    }

    /// <summary>
    /// All went out, and nothing but their own events is to be written: then no member's row is locked before all of them are.
    /// </summary>
    private static bool AreKnown(IReadOnlyList<CallOutcome> outcomes) =>
        outcomes.All(one => one.Outcome is SendOutcome.Accepted && one.Permit.Marked is not null)
        && outcomes.DistinctBy(one => one.Permit.Member).Count() == outcomes.Count;

    /// <summary>False: somebody's member has changed since its attempt was marked.</summary>
    private async Task<bool> CommitKnown(IReadOnlyList<CallOutcome> outcomes, CancellationToken ct)
    {
        try
        {
            return await Commit(outcomes, areKnown: true, ct);
        }
        catch (ConcurrencyException)
        {
            return false;
        }
    }

    /// <summary>False: they have to be read after all, since receipts have come first.</summary>
    private async Task<bool> Commit(IReadOnlyList<CallOutcome> outcomes, bool areKnown, CancellationToken ct)
    {
        await using var session = store.Open(new Origin("gateway"));
        var accepted = outcomes.Where(one => one.Outcome is SendOutcome.Accepted).ToList();
        List<GatewayMessage> early = accepted.Count == 0 ? [] : await GatewayMessages.Accept(session, [.. accepted.Select(Named).DistinctBy(one => (one.Instance, one.GatewayId))], ct);
        if (areKnown && early.Exists(message => message.Receipts().Any())) return false;

        await IdentifiedClients.GiveBack(session, outcomes, ct);
        var members = areKnown
            ? MemberChanges.Of(outcomes.Select(one => one.Permit))
            : await MemberChanges.Load(session, outcomes.Select(one => one.Permit.Member), ct);
        foreach (var one in outcomes)
        {
            var (permit, outcome, at) = one;
            members.Traced(permit.Member, one.Trace);
            members.Apply(permit.Member, state => RecordOutcome.Decide(state, permit.MessageId, outcome, at));
        }

        members.ApplyEarly(early);
        members.Append(session);
        await KeepErrors(session, outcomes, ct);
        await MetaPairs.Learn(session, outcomes, ct);
        await SettleCampaigns.Ask(session, members.Campaigns, ct);
        StopLane.Ask(session, outcomes);
        StopMessage.Ask(session, outcomes);
        await session.Commit(ct);
        return true;
    }

    private static AcceptedMessage Named(CallOutcome one) =>
        new(one.Permit.Instance, ((SendOutcome.Accepted)one.Outcome).GatewayMessageId, one.Permit.Member, one.Permit.MessageId);

    /// <summary>The gateway's own words name the person: they stay beside the log.</summary>
    private static async Task KeepErrors(ISession session, IReadOnlyList<CallOutcome> outcomes, CancellationToken ct)
    {
        var refused = outcomes.Where(one => one.Outcome is SendOutcome.Refused { Body: not null }).ToList();
        if (refused.Count == 0) return;
        await session.Sql(
            """
            update campaign_recipient r set error_message = e.body
            from unnest(@profiles::uuid[], @members::uuid[], @bodies::text[]) as e (profile_id, member_id, body)
            where r.profile_id = e.profile_id and r.member_id = e.member_id
            """,
            ct, ("profiles", refused.Select(one => one.Permit.Member.Profile).ToArray()),
            ("members", refused.Select(one => one.Permit.Member.Id).ToArray()),
            ("bodies", refused.Select(one => ((SendOutcome.Refused)one.Outcome).Body!.Replace("\0", "", StringComparison.Ordinal)).ToArray()));
    }
}
