using System.Text.Json;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;
using Npgsql;

namespace MassMessaging.Tests.Crash;

/// <summary>What the ledger, the rows and the log must say together about a finished run.</summary>
public static class RunProof
{
    private static readonly string[] SentTo = ["sent", "delivered", "read"];

    /// <summary>
    /// Nobody twice in the ledger; nobody counted as sent who is not in it; nobody in it who is neither sent nor in doubt; everybody
    /// settled; the counters a fold of the log. Answers how many are in doubt.
    /// </summary>
    public static async Task<int> Agrees(SendingRun run)
    {
        await Quiet(run);
        var taken = run.Simulator.Ledger.Entries;
        Assert.Empty(LedgerChecker.Duplicates(taken));

        var members = await Members(run);
        Assert.Equal(run.Options.Recipients, members.Count);
        var numbers = taken.Select(entry => entry.Number).ToHashSet();
        Assert.All(members.Where(member => SentTo.Contains(member.Status)), member => Assert.Contains(member.Number, numbers));
        Assert.All(members.Where(member => numbers.Contains(member.Number)), member => Assert.Contains(member.Status, (string[])[.. SentTo, "in_doubt"]));
        Assert.DoesNotContain(members, member => member.Status is "pending" or "sending");

        await CountersAreAFold(run, members);
        return members.Count(member => member.Status == "in_doubt");
    }

    /// <summary>No receipt on its way, none waiting, and the counters as far as the log.</summary>
    private static async Task Quiet(SendingRun run)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await run.Simulator.Settled(patience.Token);
        await Eventually.True(
            async () => await run.Scalar(
                """
                select (select count(*) from message where dead_at is null)
                     + (select max(e.seq_id) - p.last_seq_id from mt_events e, mt_event_progression p where p.name = 'campaign-counters' group by p.last_seq_id)
                """) == 0,
            TimeSpan.FromMinutes(1), "the queues are empty and the counters have followed");
    }

    private static async Task CountersAreAFold(SendingRun run, List<(string Number, string Status)> members)
    {
        await using var source = NpgsqlDataSource.Create(run.ConnectionString);
        var fold = new Dictionary<string, long>();
        await using (var command = source.CreateCommand("select type, data from mt_events order by seq_id"))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                CounterFold.Add(fold, reader.GetString(0), JsonDocument.Parse(reader.GetString(1)).RootElement);

        var row = await run.Row(run.Nodes.First(node => !node.HasExited));
        Assert.Equal(run.Options.Recipients, row.GetProperty("totalRecipients").GetInt64());
        foreach (var counter in (string[])["sentCount", "deliveredCount", "readCount", "failedCount", "skippedCount", "inDoubtCount", "pendingCount"])
            Assert.Equal((counter, fold.GetValueOrDefault(counter)), (counter, row.GetProperty(counter).GetInt64()));
        Assert.Equal(members.Count(member => SentTo.Contains(member.Status)), row.GetProperty("sentCount").GetInt64());
    }

    private static async Task<List<(string Number, string Status)>> Members(SendingRun run)
    {
        await using var source = NpgsqlDataSource.Create(run.ConnectionString);
        await using var command = source.CreateCommand(
            "select r.phone, a.status from campaign_audience a join campaign_recipient r on r.profile_id = a.profile_id and r.member_id = a.id");
        await using var reader = await command.ExecuteReaderAsync();
        var members = new List<(string, string)>();
        while (await reader.ReadAsync()) members.Add((reader.GetString(0).TrimStart('+'), reader.GetString(1)));
        return members;
    }
}
