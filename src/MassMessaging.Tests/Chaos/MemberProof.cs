using MassMessaging.Simulator;
using MassMessaging.Tests.Crash;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Chaos;

/// <summary>Person by person: what the gateway took, against what the log says of attempts and what the row says became of it.</summary>
internal static class MemberProof
{
    private const string Members = """
        select c.instance, ltrim(r.phone, '+'), split_part(f.message_content, ' ', 1), a.status, coalesce(a.reason, ''),
               count(*) filter (where e.type = 'message_attempted'), count(*) filter (where e.type = 'message_released'),
               count(*) filter (where e.type = 'message_requeued'), count(*) filter (where e.type like 'doubt_resolved%')
        from campaign_audience a
        join campaign_recipient r on r.profile_id = a.profile_id and r.member_id = a.id
        join campaign_frozen f on f.profile_id = a.profile_id and f.campaign_id = a.campaign_id
        join whatsapp_config c on c.profile_id = a.profile_id
        join mt_events e on e.tenant_id = a.profile_id::text and e.stream_id = a.id
        group by 1, 2, 3, 4, 5
        """;

    public static async Task<(IReadOnlyList<string> Broken, int InDoubt)> Of(Cluster run)
    {
        var taken = run.Simulator.Ledger.Entries.ToLookup(entry => (entry.Instance, entry.Number, entry.Text.Split(' ')[0]));
        var members = await Read(run.Database);
        var known = members.Select(member => member.Key).ToHashSet();
        List<string> broken = [.. taken.Where(sends => !known.Contains(sends.Key)).Select(sends => $"{sends.Key} was sent to and is nobody's member")];
        foreach (var member in members) broken.AddRange(Wrong(member, [.. taken[member.Key]]).Select(wrong => $"{wrong}: {member}, {taken[member.Key].Count()} taken"));
        return (broken, members.Count(member => member.Status == "in_doubt"));
    }

    private static IEnumerable<string> Wrong(Member member, IReadOnlyList<LedgerEntry> taken)
    {
        if (member.Status is "pending" or "sending") yield return "not settled";
        if (taken.Count > 1 + member.Requeued) yield return "sent again though nobody asked for it";
        if (taken.Count > member.Attempted - member.Released) yield return "sent without an attempt, or by one that was told to be none";
        if (member is { Status: "in_doubt", Reason: "" }) yield return "in doubt without a reason";
        if (member.Resolved + member.Requeued > 0) yield break; // a person's word may be wrong, and an earlier attempt may have arrived

        if (member.Status is "sent" or "delivered" or "read" && taken.Count == 0) yield return "counted as sent, and never taken";
        if (member.Status is "failed" or "skipped" && taken.Any(entry => !entry.Statuses.Contains("ERROR"))) yield return "taken, and not counted as sent";
    }

    private static async Task<List<Member>> Read(TestDatabase database)
    {
        await using var command = database.DataSource.CreateCommand(Members);
        await using var reader = await command.ExecuteReaderAsync();
        var members = new List<Member>();
        while (await reader.ReadAsync())
            members.Add(new(
                (reader.GetString(0), reader.GetString(1), reader.GetString(2)), reader.GetString(3), reader.GetString(4),
                reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8)));
        return members;
    }

    private sealed record Member(
        (string Instance, string Number, string Mark) Key, string Status, string Reason, long Attempted, long Released, long Requeued, long Resolved);
}
