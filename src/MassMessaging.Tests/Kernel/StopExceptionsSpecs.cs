using MassMessaging.Kernel;

namespace MassMessaging.Tests.Kernel;

public sealed class StopExceptionsSpecs
{
    [Fact]
    public void Only_what_was_cancelled_by_the_stop_is_one()
    {
        using var stop = new CancellationTokenSource();
        Assert.False(new TaskCanceledException("A time limit.").IsStop(stop.Token));

        stop.Cancel();

        Assert.True(new TaskCanceledException("The stop.").IsStop(stop.Token));
        Assert.False(new IOException("Broken.").IsStop(stop.Token));
    }
}
