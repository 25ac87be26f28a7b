using System.Data.Common;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Clients;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Doubts;

/// <summary>
/// Asks the gateway about messages in doubt, less and less often, and settles those it has evidence of. Absence proves nothing: who is not
/// found stays in doubt, for a person to resolve.
/// </summary>
public sealed class ReconcileDoubts(
    IStore store, ISentMessages gateway, FrozenTexts texts, SendingOptions options, DoubtOptions doubts, ILogger<ReconcileDoubts> log)
{
    private const int MostAtOnce = 20; // gateway calls, one after the other: sending goes first
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private const string Forget = """
        delete from member_doubt d
        where not exists (
            select 1 from campaign_audience a
            where a.profile_id = d.profile_id and a.id = d.member_id
              and a.status = 'in_doubt' and a.whatsapp_message_id = d.message_id and a.attempted_at > @oldest)
        """;

    private const string Notice = """
        insert into member_doubt (profile_id, member_id, message_id, due_at)
        select a.profile_id, a.id, a.whatsapp_message_id, @now
        from campaign_audience a
        where a.status = 'in_doubt' and a.attempted_at > @oldest
          and not exists (select 1 from member_doubt d where d.profile_id = a.profile_id and d.member_id = a.id)
        on conflict do nothing
        """;

    // Two doubts about one person cannot be told apart by what the gateway kept: neither is settled by it.
    private const string Claim = """
        with due as (
            select profile_id, member_id from member_doubt where due_at <= @now
            order by due_at limit @most for update skip locked)
        update member_doubt d
        set asked = d.asked + 1, due_at = @now + least(@first * power(2, least(d.asked, 12)), @longest)
        from due
        join campaign_audience a on a.profile_id = due.profile_id and a.id = due.member_id
        join campaign_recipient r on r.profile_id = a.profile_id and r.member_id = a.id
        join whatsapp_config w on w.profile_id = a.profile_id
        where d.profile_id = due.profile_id and d.member_id = due.member_id
        returning d.profile_id, d.member_id, d.message_id, a.campaign_id, a.attempted_at, w.instance, a.variant, r.name, r.phone, exists (
            select 1 from campaign_audience o
            where o.profile_id = a.profile_id and o.client_id = a.client_id and o.id <> a.id and o.status in ('in_doubt', 'sending'))
        """;

    private const string Others = """
        select gateway_id from gateway_message
        where instance = @instance and gateway_id = any (@ids) and message_id is not null and message_id <> @message
        """;

    private sealed record Doubt(
        StreamKey Member, Guid MessageId, Guid CampaignId, DateTimeOffset AttemptedAt, string Instance, string? Variant, Recipient Recipient,
        bool HasRival);

    /// <summary>Answers how many were settled.</summary>
    public async Task<int> RunOnce(CancellationToken ct)
    {
        var settled = 0;
        foreach (var doubt in await Due(ct))
            if (await Search(doubt, ct) is { } found && await Settle(doubt, found, ct))
                settled++;
        if (settled > 0) log.LogInformation("{Count} messages in doubt were found at the gateway", settled);
        return settled;
    }

    private async Task<List<Doubt>> Due(CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        var oldest = ("oldest", (object?)(session.Now - doubts.AskFor));
        await session.Sql(Forget, ct, oldest);
        await session.Sql(Notice, ct, oldest, ("now", session.Now));
        var due = await session.Query(
            Claim, Read, ct, ("now", session.Now), ("most", MostAtOnce), ("first", FirstWait), ("longest", LongestWait));
        await session.Commit(ct);
        return due;
    }

    private async Task<SentMessage?> Search(Doubt doubt, CancellationToken ct)
    {
        if (doubt.HasRival || await texts.Of(doubt.Member.Profile, doubt.CampaignId) is not { } text) return null;

        var (from, to) = (doubt.AttemptedAt, doubt.AttemptedAt + options.HolderGone);
        var kept = await gateway.Find(
            doubt.Instance, PhoneNumber.Spellings(doubt.Recipient.Phone), from - Evidence.ClockError, to + Evidence.ClockError, ct);
        if (kept is null or []) return null;

        var others = await store.Query(
            Others, row => row.GetString(0), ct, ("instance", doubt.Instance), ("ids", kept.Select(one => one.GatewayMessageId).ToArray()),
            ("message", doubt.MessageId));
        return Evidence.Of(
            [.. kept.Where(one => !others.Contains(one.GatewayMessageId))],
            at => [Text(isFirst: true, at), Text(isFirst: false, at)], from, to);

        string Text(bool isFirst, DateTimeOffset at) => text.Render(doubt.Variant, doubt.Recipient.Name, doubt.Recipient.Phone, isFirst, at);
    }

    private async Task<bool> Settle(Doubt doubt, SentMessage found, CancellationToken ct)
    {
        await using var session = store.Open(new Origin("gateway"));
        var early = await GatewayMessages.Accept(
            session, [new AcceptedMessage(doubt.Instance, found.GatewayMessageId, doubt.Member, doubt.MessageId)], ct);
        var members = await MemberChanges.Load(session, [doubt.Member], ct);
        var accepted = new SendOutcome.Accepted(found.GatewayMessageId);
        members.Apply(doubt.Member, member => RecordOutcome.Decide(member, doubt.MessageId, accepted, found.At));
        members.ApplyEarly(early);
        var isSettled = members.Campaigns.Any();
        members.Append(session);
        await session.Commit(ct);
        return isSettled;
    }

    private static Doubt Read(DbDataReader row) => new(
        new StreamKey(row.GetGuid(0), row.GetGuid(1)), row.GetGuid(2), row.GetGuid(3), row.GetFieldValue<DateTimeOffset>(4), row.GetString(5),
        row.IsDBNull(6) ? null : row.GetString(6), new Recipient(row.GetString(7), row.GetString(8)), row.GetBoolean(9));
}
