using MassMessaging.Kernel.Clock;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Kernel.Clock;

public sealed class DatabaseClockSpecs(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task It_reads_what_the_database_reads()
    {
        var clock = new DatabaseClock(database.DataSource);
        await clock.Measure(CancellationToken.None);

        var before = clock.GetUtcNow();
        var theirs = new DateTimeOffset(await database.Value<DateTime>("select clock_timestamp()"), TimeSpan.Zero);
        var after = clock.GetUtcNow();

        Assert.InRange(theirs, before - TimeSpan.FromMilliseconds(250), after + TimeSpan.FromMilliseconds(250));
    }

    [Fact]
    public async Task It_never_goes_back_however_often_it_is_measured()
    {
        var clock = new DatabaseClock(database.DataSource);
        await clock.Measure(CancellationToken.None);
        var last = clock.GetUtcNow();
        for (var look = 0; look < 50; look++)
        {
            await clock.Measure(CancellationToken.None);
            var now = clock.GetUtcNow();
            Assert.True(now >= last);
            last = now;
        }
    }

    [Fact]
    public async Task It_reads_whole_microseconds_as_PostgreSQL_keeps_them()
    {
        var clock = new DatabaseClock(database.DataSource);
        await clock.Measure(CancellationToken.None);

        Assert.Equal(0, clock.GetUtcNow().Ticks % TimeSpan.TicksPerMicrosecond);
    }
}
