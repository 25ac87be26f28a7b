using System.Collections.Concurrent;
using System.Diagnostics;
using MassMessaging.Kernel;
using MassMessaging.Tests.Harness;
using static MassMessaging.Tests.Kernel.Given;

namespace MassMessaging.Tests.Kernel;

public sealed class RoundTripSpecs(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private KernelHost host = null!;

    public async ValueTask InitializeAsync() => host = await KernelHost.Start(database);

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Starting_many_streams_takes_as_many_round_trips_as_starting_one()
    {
        var one = await Commands(() => Start(New(1)));
        var many = await Commands(() => Start(New(99)));

        Assert.Equal(one, many);
        Assert.InRange(many, 1, 3);
    }

    [Fact]
    public async Task Streams_that_are_copied_in_take_a_round_trip_for_each_table_however_many_they_are()
    {
        var hundred = await Commands(() => Start(New(100)));
        var thousand = await Commands(() => Start(New(1_000)));

        Assert.Equal(hundred, thousand);
        Assert.InRange(thousand, 1, 9); // three tables, the numbers, the role and back
    }

    [Fact]
    public async Task Loading_and_advancing_a_thousand_streams_takes_as_many_round_trips_as_one()
    {
        List<StreamKey> parcels = [.. Enumerable.Range(0, 1_000).Select(_ => NewKey())];
        await Start(parcels);

        var one = await Commands(() => Advance([parcels[0]]));
        var thousand = await Commands(() => Advance(parcels));

        Assert.Equal(one, thousand);
        Assert.InRange(thousand, 1, 5);
    }

    [Fact]
    public async Task Five_thousand_streams_start_in_one_commit_within_seconds()
    {
        await Start([NewKey()]);
        var clock = Stopwatch.StartNew();

        await Start([.. Enumerable.Range(0, 5_000).Select(_ => NewKey())]);

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    private static List<StreamKey> New(int count) => [.. Enumerable.Range(0, count).Select(_ => NewKey())];

    private async Task Start(List<StreamKey> parcels)
    {
        await using var session = host.Open();
        foreach (var parcel in parcels) session.Append(parcel, 0, Posted());
        await session.Commit(default);
    }

    private async Task Advance(List<StreamKey> parcels)
    {
        await using var session = host.Open();
        foreach (var (key, version, _) in (await session.LoadMany<Parcel>(parcels, default)).Values) session.Append(key, version, Moved(1));
        await session.Commit(default);
    }

    /// <summary>
    /// Npgsql starts one activity for each command or batch that it sends; this flow's are counted by their parent. A commit by itself is none
    /// of them, whichever way it is sent.
    /// </summary>
    private static async Task<int> Commands(Func<Task> work)
    {
        using var mine = new Activity("spec").Start();
        var seen = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = seen.Add,
        };
        ActivitySource.AddActivityListener(listener);
        await work();
        return seen.Count(activity => activity.TraceId == mine.TraceId && activity.GetTagItem("db.query.text") is not "COMMIT");
    }
}
