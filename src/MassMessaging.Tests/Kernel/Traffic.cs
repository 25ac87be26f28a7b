using MassMessaging.Kernel;
using static MassMessaging.Tests.Kernel.Given;

namespace MassMessaging.Tests.Kernel;

/// <summary>Writers as they are in life: quick ones, slow ones, some that roll back, and one that is Marten.</summary>
internal static class Traffic
{
    private const string Data = """{"routeId": "00000000-0000-7000-8000-000000000001"}""";

    private static readonly Guid Profile = Guid.Parse("00000000-0000-7000-8000-00000000000a");

    /// <summary>Sixteen writers, each with so many rounds of a few events.</summary>
    public static Task Run(KernelHost host, int rounds, int writers = 16) =>
        Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(() => Write(host, new Random(writer), rounds))));

    private static async Task Write(KernelHost host, Random random, int rounds)
    {
        var parcel = NewKey() with { Profile = Profile };
        var version = 0;
        for (var round = 0; round < rounds; round++)
        {
            var kind = random.Next(10);
            if (kind == 0) await Marten.Start(host.Database, NewKey() with { Profile = Profile }, "invoice", "invoice_paid", "{}");
            else if (kind == 1) await Marten.Start(host.Database, NewKey() with { Profile = Profile }, "parcel", "parcel_lost", Data);
            else if (await Commit(host, random, parcel, version, isKept: kind != 2)) version = version == 0 ? 2 : version + 1;
        }
    }

    private static async Task<bool> Commit(KernelHost host, Random random, StreamKey parcel, int version, bool isKept)
    {
        // Numbers are drawn early and become visible late: the completion runs after the events are written.
        await using var slow = ((Store)host.Store).OpenFor(Origin.System, async (last, ct) =>
        {
            last.BatchCommands.Add(new($"select pg_sleep({(random.Next(3) == 0 ? random.Next(15) : 0)} / 1000.0)"));
            await last.ExecuteNonQueryAsync(ct);
            if (!isKept) throw new LeaseLostException("rolled back");
        });
        slow.Append(parcel, version, version == 0 ? [Posted(), Moved(random.Next(50))] : [Moved(random.Next(50))]);
        try
        {
            await slow.Commit(default);
            return true;
        }
        catch (LeaseLostException)
        {
            return false;
        }
    }
}
