using MassMessaging.Campaigns.Sending;
using MassMessaging.Clients;
using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Doubts;

/// <summary>A person's word about messages in doubt: it is kept with the person's name, and beside the log with a note.</summary>
/// <param name="MemberIds">Of one campaign, at most 1,000.</param>
/// <param name="Note">How it is known; at most 4,000 characters.</param>
public sealed record ResolveInDoubt(IReadOnlyList<Guid> MemberIds, Verdict Outcome, string Note);

/// <param name="Outcome">What the person found out.</param>
public sealed record ResolveOne(Verdict Outcome, string Note);

public enum Verdict
{
    /// <summary>It arrived.</summary>
    Sent,

    /// <summary>It did not arrive: try it again.</summary>
    Resend,

    /// <summary>It did not arrive, and is not to be tried again.</summary>
    Failed,
}

/// <param name="Code">Null: resolved; else <c>not-found</c> or <c>member-not-in-doubt</c>.</param>
public sealed record ResolveResult(Guid MemberId, string? Code);

public sealed record ResolveAnswer(int Successful, int Failed, int Total, IReadOnlyList<ResolveResult> Results);

/// <summary><c>POST /api/campaigns/{id}/audience/{memberId}/resolve</c> and <c>/audience/resolve</c>.</summary>
public static class ResolveInDoubtEndpoint
{
    public const int MostMembers = 1000;
    public const int LongestNote = 4000;
    private const int Attempts = 5;

    private const string KeepNotes = """
        insert into member_resolution (profile_id, member_id, message_id, outcome, note, at, actor)
        select @profile, m.member_id, m.message_id, @outcome, @note, @now, @actor
        from unnest(@members::uuid[], @messages::uuid[]) as m (member_id, message_id)
        join campaign_recipient r on r.profile_id = @profile and r.member_id = m.member_id -- nothing is written about who was erased
        on conflict do nothing
        """;

    private const string AttemptedAt = """
        select id, attempted_at from campaign_audience
        where profile_id = @profile and id = any (@members) and attempted_at is not null
        """;

    public static void Map(IEndpointRouteBuilder campaigns)
    {
        campaigns.MapPost("/{id:guid}/audience/{memberId:guid}/resolve", PostOne)
            .Documented(
                "resolveMember", "Settles a message in doubt by a person's word: sent, resend or failed.",
                "validation-failed", "member-not-in-doubt", "campaign-cancelled", "changed-meanwhile")
            .Takes<ResolveOne>().Produces<AudienceAnswer>();
        campaigns.MapPost("/{id:guid}/audience/resolve", PostMany)
            .Documented(
                "resolveMembers", "Settles many messages in doubt by a person's word; says of each whether it was.",
                "validation-failed", "campaign-cancelled", "changed-meanwhile")
            .Takes<ResolveInDoubt>().Produces<ResolveAnswer>();
    }

    /// <summary>Nothing for a member that is not, or no longer, in doubt.</summary>
    /// <param name="member">As it stands.</param>
    /// <param name="verdict">A person's word.</param>
    /// <param name="at">Of the attempt: when it was sent, or failed, if it was.</param>
    public static Decision Decide(AudienceMember member, Verdict verdict, DateTimeOffset at)
    {
        if (member.Status != MemberStatus.InDoubt) return Decision.Nothing;

        var resolved = new DoubtResolved(member.CampaignId, verdict, member.Variant);
        return verdict switch
        {
            Verdict.Sent => Decision.Accept(
                resolved, new MessageSent(member.CampaignId, member.ClientId, at, member.Status, member.Variant, member.Label, member.SlotAt)),
            Verdict.Failed => Decision.Accept(
                resolved, new MessageFailed(member.CampaignId, "resolved-failed", at, member.Status, member.Variant, member.Label, member.SlotAt)),
            _ => Decision.Accept(
                resolved, new MessageRequeued(member.CampaignId, member.Status, member.Variant, member.Label, member.SlotAt)),
        };
    }

    /// <summary>A campaign that has ended goes on sending for those who are tried again.</summary>
    public static IReadOnlyList<object> Reopen(Campaign campaign, int requeued) =>
        requeued > 0 && campaign.Status is CampaignStatus.Sent or CampaignStatus.Failed ? [new CampaignRetried(), new RetryPlanned(requeued)] : [];

    private static async Task<IResult> PostOne(Caller caller, Guid id, Guid memberId, Fields body, IStore store, CancellationToken ct)
    {
        if (Read(body, [memberId]) is not { } command) return body.Problem();
        if (command.Outcome == Verdict.Resend) caller.RequireSend();

        var campaign = new StreamKey(caller.ProfileId, id);
        if (await AudienceRows.One(store, campaign, memberId, ct) is null) return Problems.NotFound();
        if (await Run(store, caller, campaign, command, ct) is not { } results) return Cancelled();

        var row = await AudienceRows.One(store, campaign, memberId, ct);
        return results[0].Code is null
            ? TypedResults.Ok(row)
            : Problems.Conflict("member-not-in-doubt", "This message is not in doubt: there is nothing to resolve.", row?.Status.Word());
    }

    private static async Task<IResult> PostMany(Caller caller, Guid id, Fields body, IStore store, CancellationToken ct)
    {
        var members = body.Ids("memberIds", MostMembers);
        if (members is null or [] && !body.AreWrong) body.Wrong("memberIds", "is required");
        if (Read(body, members ?? []) is not { } command) return body.Problem();
        if (command.Outcome == Verdict.Resend) caller.RequireSend();

        var campaign = new StreamKey(caller.ProfileId, id);
        if (!await CampaignQuery.Exists(store, campaign, ct)) return Problems.NotFound();
        if (await Run(store, caller, campaign, command, ct) is not { } results) return Cancelled();

        var resolved = results.Count(result => result.Code is null);
        return TypedResults.Ok(new ResolveAnswer(resolved, results.Count - resolved, results.Count, results));
    }

    private static ResolveInDoubt? Read(Fields body, IReadOnlyList<Guid> members)
    {
        var outcome = body.OneOf<Verdict>("outcome");
        if (outcome is null && !body.Given("outcome")) body.Wrong("outcome", "is required");
        var note = body.Text("note", LongestNote, required: true);
        return body.AreWrong ? null : new ResolveInDoubt([.. members.Distinct()], outcome!.Value, note!);
    }

    private static IResult Cancelled() =>
        Problems.Conflict("campaign-cancelled", "The campaign was cancelled: nothing is sent again.", CampaignStatus.Cancelled.Word());

    /// <summary>Null: the campaign was cancelled and cannot send again.</summary>
    private static async Task<IReadOnlyList<ResolveResult>?> Run(
        IStore store, Caller caller, StreamKey campaign, ResolveInDoubt command, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Once(store, caller, campaign, command, ct);
            }
            catch (ConcurrencyException) when (attempt < Attempts)
            {
                // The campaign moved on meanwhile: decide on what it has become.
            }
        }
    }

    private static async Task<IReadOnlyList<ResolveResult>?> Once(
        IStore store, Caller caller, StreamKey key, ResolveInDoubt command, CancellationToken ct)
    {
        await using var session = store.Open(caller.Origin);
        await ErasureLock.Share(session, key.Profile, ct);
        var campaign = (await session.LoadMany<Campaign>([key], ct))[key]; // locked: it does not end while its members are let wait again
        var members = await session.LoadMany<AudienceMember>([.. command.MemberIds.Select(id => new StreamKey(key.Profile, id))], ct);
        var attempts = await session.Query(
            AttemptedAt, row => (row.GetGuid(0), row.Time("attempted_at")), ct, ("profile", key.Profile), ("members", command.MemberIds.ToArray()));
        var attemptedAt = attempts.ToDictionary(one => one.Item1, one => one.Item2);
        if (command.Outcome == Verdict.Resend && campaign.State.Status == CampaignStatus.Cancelled) return null;

        var results = new List<ResolveResult>();
        var resolved = new List<Versioned<AudienceMember>>();
        foreach (var id in command.MemberIds)
        {
            var member = members[new StreamKey(key.Profile, id)];
            var isOurs = member.State.CampaignId == key.Id;
            var decision = isOurs ? Decide(member.State, command.Outcome, attemptedAt.GetValueOrDefault(id, session.Now)) : Decision.Nothing;
            results.Add(new ResolveResult(id, !isOurs ? "not-found" : decision is Decision.Accepted { Events.Count: > 0 } ? null : "member-not-in-doubt"));
            if (decision is not Decision.Accepted { Events: { Count: > 0 } events }) continue;
            session.Append(member.Key, member.Version, events);
            resolved.Add(member);
        }

        if (resolved.Count == 0) return results;

        if (command.Outcome == Verdict.Resend && Reopen(campaign.State, resolved.Count) is { Count: > 0 } reopened)
            session.Append(key, campaign.Version, reopened);
        await session.Sql(
            KeepNotes, ct, ("profile", key.Profile), ("outcome", command.Outcome.ToString().ToLowerInvariant()), ("note", command.Note),
            ("now", session.Now), ("actor", caller.Origin.Actor), ("members", resolved.ConvertAll(member => member.Key.Id).ToArray()),
            ("messages", resolved.ConvertAll(member => member.State.MessageId).ToArray()));
        await SettleCampaigns.Ask(session, [key], ct);
        await session.Commit(ct);
        if (command.Outcome == Verdict.Resend) await WakeScan.For(store, [key], ct);
        return results;
    }
}
