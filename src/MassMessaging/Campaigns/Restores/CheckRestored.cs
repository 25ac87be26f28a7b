using System.Data.Common;
using MassMessaging.Campaigns.Sending;
using MassMessaging.Clients;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;
using MassMessaging.WhatsApp.Cloud;

namespace MassMessaging.Campaigns.Restores;

/// <summary>
/// Asks the gateway what it sent in the time that a restored database lost, and writes down of those who wait in it who was written to.
/// Where the gateway cannot be asked (Meta), whoever waited is in doubt. Only then may the others go, once a person resumes the campaign.
/// </summary>
public sealed class CheckRestored(
    IStore store, ISentMessages gateway, FrozenTexts texts, ILogger<CheckRestored> log)
{
    private const int Chunk = 500;

    /// <summary>Of the gateway's clock, of the last sign of life, and of calls that were on their way.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private static readonly bool[] FirstOrNot = [true, false];

    // Members of a launch in progress are planned as they were before the copy was lost: all of them are looked at together.
    private const string Claim = """
        with due as (
            select c.profile_id, c.id
            from campaign c
            join campaign_restore r on r.profile_id = c.profile_id and r.campaign_id = c.id and r.checked_at is null
            where c.status in ('sending', 'paused') and c.is_planned
              and (r.asked_at is null or r.asked_at <= @now - interval '1 minute')
            order by c.profile_id, c.id limit 100 for update of r skip locked)
        update campaign_restore r set asked_at = @now
        from due join whatsapp_config w on w.profile_id = due.profile_id
        where r.profile_id = due.profile_id and r.campaign_id = due.id
        returning r.profile_id, r.campaign_id, r.lost_from, r.lost_until, w.instance
        """;

    private const string Waiting = """
        select a.campaign_id, a.id, a.variant, m.name, m.phone
        from campaign_audience a
        join campaign_recipient m on m.profile_id = a.profile_id and m.member_id = a.id
        where a.profile_id = @profile and a.campaign_id = any (@campaigns) and a.status = 'pending'
        """;

    private const string WaitingOf = $"{Waiting} and m.phone = any (@phones)";

    // Of campaigns that were under way, or due, in the lost time; what a person launched since is that person's word.
    private const string SomeWaiting = $"""
        {Waiting} and exists (
            select 1 from campaign c
            where c.profile_id = a.profile_id and c.id = a.campaign_id and (c.started_at < @until or c.scheduled_at <= @until))
        order by a.id limit @most
        """;

    private const string Known = """
        select gateway_id from gateway_message
        where instance = @instance and gateway_id = any (@ids) and (message_id is not null or member_id is not null)
        """;

    private const string Checked = """
        update campaign_restore set checked_at = @now
        where profile_id = @profile and campaign_id = any (@campaigns) and lost_until = @until
        """;

    private sealed record Lost(Guid Profile, Guid Campaign, DateTimeOffset From, DateTimeOffset Until, string Instance);

    private sealed record LostTime(Guid Profile, Guid[] Campaigns, DateTimeOffset From, DateTimeOffset Until, string Instance);

    /// <summary>Answers how many campaigns are done.</summary>
    public async Task<int> RunOnce(CancellationToken ct)
    {
        var done = 0;
        foreach (var group in (await Due(ct)).GroupBy(one => (one.Profile, one.Until)))
        {
            var lost = new LostTime(
                group.Key.Profile, [.. group.Select(one => one.Campaign)], group.Min(one => one.From), group.Key.Until, group.First().Instance);
            if (!await Ask(lost, ct)) continue; // the gateway cannot tell just now: nobody goes until it can

            await using var session = store.Open(Origin.System);
            await session.Sql(Checked, ct, ("now", session.Now), ("profile", lost.Profile), ("campaigns", lost.Campaigns), ("until", lost.Until));
            await session.Commit(ct);
            done += lost.Campaigns.Length;
        }

        return done;
    }

    private async Task<List<Lost>> Due(CancellationToken ct)
    {
        await using var session = store.Open(Origin.System);
        var due = await session.Query(
            Claim, row => new Lost(
                row.GetGuid(0), row.GetGuid(1), row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3), row.GetString(4)),
            ct, ("now", session.Now));
        await session.Commit(ct);
        return due;
    }

    private async Task<bool> Ask(LostTime lost, CancellationToken ct)
    {
        var (found, unclear) = (0, 0);
        if (CloudInstance.Is(lost.Instance))
        {
            while (await store.Query(SomeWaiting, Read, ct, [.. Of(lost), ("until", lost.Until), ("most", Chunk)]) is { Count: > 0 } some)
                unclear += await Settle(lost, new RestoreFindings([], some), ct);
        }
        else
        {
            for (var (page, last) = (1, false); !last; page++)
            {
                if (await gateway.Page(lost.Instance, lost.From - Margin, lost.Until + Margin, page, ct) is not { } kept) return false;

                last = kept.IsLast;
                var findings = await Match(lost, kept.Texts, ct);
                found += findings.Sent.Count;
                unclear += findings.Unclear.Count;
                await Settle(lost, findings, ct);
            }
        }

        log.LogInformation("After a restore {Found} messages were found at the gateway, {Unclear} are in doubt", found, unclear);
        return true;
    }

    private async Task<RestoreFindings> Match(LostTime lost, IReadOnlyList<SentTo> kept, CancellationToken ct)
    {
        var known = await store.Query(
            Known, row => row.GetString(0), ct, ("instance", lost.Instance), ("ids", kept.Select(one => one.Message.GatewayMessageId).ToArray()));
        var sent = kept.Where(one => !known.Contains(one.Message.GatewayMessageId)).Select(one => (Phone: Canonical(one.Phone), one.Message))
            .Where(one => one.Phone is not null).ToLookup(one => one.Phone!, one => one.Message);
        var waiting = await store.Query(WaitingOf, Read, ct, [.. Of(lost), ("phones", sent.Select(one => one.Key).ToArray())]);
        var frozen = new Dictionary<Guid, FrozenText?>();
        foreach (var campaign in waiting.Select(member => member.CampaignId).Distinct()) frozen[campaign] = await texts.Of(lost.Profile, campaign);
        return RestoreEvidence.Match(waiting, sent, Texts);

        IEnumerable<string> Texts(RestoredMember member, DateTimeOffset at) => frozen[member.CampaignId] is { } text
            ? FirstOrNot.Select(isFirst => text.Render(member.Variant, member.Name, member.Phone, isFirst, at))
            : [];
    }

    /// <summary>Their attempts are lost; each is written down as one, so that receipts and replies find it as any other.</summary>
    private async Task<int> Settle(LostTime lost, RestoreFindings findings, CancellationToken ct)
    {
        if (findings is { Sent.Count: 0, Unclear.Count: 0 }) return 0;

        await using var session = store.Open(new Origin("gateway"));
        var attempts = findings.Sent.Select(one => one.Member).Concat(findings.Unclear)
            .ToDictionary(member => new StreamKey(lost.Profile, member.Id), _ => Guid.CreateVersion7(session.Now));
        var accepted = findings.Sent.Select(one => (Key: new StreamKey(lost.Profile, one.Member.Id), one.Message)).ToList();
        var early = await GatewayMessages.Accept(
            session, accepted.ConvertAll(one => new AcceptedMessage(lost.Instance, one.Message.GatewayMessageId, one.Key, attempts[one.Key])), ct);
        var members = await MemberChanges.Load(session, attempts.Keys, ct);
        foreach (var (key, message) in accepted) members.Apply(key, member => RecordRestored.Sent(member, attempts[key], message.At));
        foreach (var member in findings.Unclear)
        {
            var key = new StreamKey(lost.Profile, member.Id);
            members.Apply(key, state => RecordRestored.Unclear(state, attempts[key], lost.Until));
        }

        members.ApplyEarly(early);
        await SettleCampaigns.Ask(session, members.Campaigns, ct);
        members.Append(session);
        await session.Commit(ct);
        return attempts.Count;
    }

    private static (string, object?)[] Of(LostTime lost) => [("profile", lost.Profile), ("campaigns", lost.Campaigns)];

    private static string? Canonical(string spelled) => PhoneNumber.TryParse(spelled, "", out var phone) ? phone : null;

    private static RestoredMember Read(DbDataReader row) =>
        new(row.GetGuid(0), row.GetGuid(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3), row.GetString(4));
}
