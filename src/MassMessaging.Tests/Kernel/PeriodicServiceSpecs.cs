using System.Threading.Channels;
using MassMessaging.Kernel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace MassMessaging.Tests.Kernel;

public sealed class PeriodicServiceSpecs
{
    private static readonly TimeSpan every = TimeSpan.FromMinutes(1);

    private readonly TimedClock clock = new();
    private readonly Lines lines = new();

    [Fact]
    public async Task The_first_round_is_at_the_start_and_each_one_after_it_when_its_time_has_come()
    {
        using var service = new Rounds(clock, lines, atStart: true, _ => Task.CompletedTask);
        await service.StartAsync(default);
        Assert.Equal(1, await service.Done());
        Assert.False(service.HasDone);

        clock.Advance(every);
        Assert.Equal(2, await service.Done());
        await service.StopAsync(default);
    }

    [Fact]
    public async Task It_can_wait_for_its_first_time()
    {
        using var service = new Rounds(clock, lines, atStart: false, _ => Task.CompletedTask);
        await service.StartAsync(default);
        await clock.IsTimed;
        Assert.False(service.HasDone);

        clock.Advance(every);
        Assert.Equal(1, await service.Done());
        await service.StopAsync(default);
    }

    [Fact]
    public async Task A_round_that_fails_is_told_in_full_once_and_the_next_one_tries_again()
    {
        using var service = new Rounds(clock, lines, atStart: true, round => round is 2 or 3
            ? throw new TaskCanceledException("A time limit.")
            : Task.CompletedTask);
        await service.StartAsync(default);
        for (var round = 1; round <= 4; round++, clock.Advance(every)) Assert.Equal(round, await service.Done());
        await service.StopAsync(default);

        Assert.Equal([("It failed (TaskCanceledException); it is tried again", true), ("It failed (TaskCanceledException); it is tried again", false)], lines.Told);
    }

    [Fact]
    public async Task A_stop_ends_the_round_that_runs_and_is_no_failure()
    {
        using var service = new Rounds(clock, lines, atStart: true, _ => Task.CompletedTask) { Waits = true };
        await service.StartAsync(default);
        await service.Done();
        await service.StopAsync(default);

        Assert.True(service.ExecuteTask!.IsCanceled);
        Assert.Empty(lines.Told);
    }

    private sealed class Rounds(TimeProvider clock, ILogger log, bool atStart, Func<int, Task> work) : PeriodicService(every, "It failed", log, clock, atStart)
    {
        private readonly Channel<int> done = Channel.CreateUnbounded<int>();
        private int rounds;

        public bool Waits { get; init; }

        public bool HasDone => done.Reader.Count > 0;

        public Task<int> Done() => done.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        protected override async Task Round(CancellationToken ct)
        {
            rounds++;
            done.Writer.TryWrite(rounds);
            if (Waits) await new TaskCompletionSource().Task.WaitAsync(ct);
            await work(rounds);
        }
    }

    private sealed class TimedClock : FakeTimeProvider
    {
        private readonly TaskCompletionSource timed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsTimed => timed.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            timed.TrySetResult();
            return timer;
        }
    }

    private sealed class Lines : ILogger
    {
        public List<(string Text, bool InFull)> Told { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Told.Add((formatter(state, exception), exception is not null));
    }
}
