using System.Net.Http.Json;
using MassMessaging.Simulator;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Crash;

[Collection(nameof(RealProcesses))]
public sealed class OutageSpecs(TestCluster cluster, ITestOutputHelper output)
{
    [Theory]
    [Sizes(small: 300, full: 2000)]
    public async Task PostgreSQL_may_crash_and_come_back_while_a_campaign_is_sent(int recipients)
    {
        await using var server = await RestartableCluster.Start();
        await using var run = await SendingRun.Prepare(server.ConnectionString + ";Search Path=mass_messaging", new RunOptions(recipients));
        await run.Post("send");
        for (var crash = 1; crash <= 2; crash++)
        {
            await run.Taken(recipients * crash / 4);
            await server.Crash();
            await server.StartAgain();
        }

        await run.Status("sent");
        var inDoubt = await RunProof.Agrees(run);
        await PaceProof.Holds(run, output);
        output.WriteLine($"{recipients} recipients, PostgreSQL crashed twice: {inDoubt} in doubt");
        Assert.InRange(inDoubt, 0, run.Options.MarkedAtOnce * 2);
    }

    [Theory]
    [Sizes(small: 300, full: 2000)]
    public async Task The_gateway_may_fail_hang_and_close_connections_before_and_after_it_took_a_message(int recipients)
    {
        var each = recipients / 50;
        await using var database = await TestDatabase.Create(cluster);
        await using var run = await SendingRun.Prepare(database.ConnectionString, new RunOptions(recipients));
        using (var api = run.Api()) // every failure is wanted at once: BreakerLaneSpecs show what it does to them
            (await api.PutAsJsonAsync("/api/whatsapp/pacing", new { breaker = (object?)null })).EnsureSuccessStatusCode();
        await run.Post("send");
        FaultKind[] unclear = [FaultKind.ServerError, FaultKind.Hang, FaultKind.HangAfter, FaultKind.CloseBefore, FaultKind.CloseAfter];
        foreach (var (kind, part) in unclear.Select((kind, part) => (kind, part)))
        {
            await run.Taken(recipients * part / 8);
            run.Simulator.Faults.Set(new Fault(kind, Times: each));
        }

        await run.Taken(recipients * 5 / 8);
        run.Simulator.Faults.Set(new Fault(FaultKind.ConnectionClosed, Times: 3));
        await run.Status("sent");
        var inDoubt = await RunProof.Agrees(run);
        output.WriteLine($"{recipients} recipients, {each} each of {string.Join(", ", unclear)}: {inDoubt} in doubt");
        Assert.Equal(each * unclear.Length, inDoubt);
    }
}
