namespace MassMessaging.Tests.Kernel.Messages;

/// <summary>A place in a handler where the spec decides when it goes on.</summary>
public sealed class Pause
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => reached.Task.WaitAsync(TimeSpan.FromSeconds(120));

    public void GoOn() => goOn.TrySetResult();

    public Task Here()
    {
        reached.TrySetResult();
        return goOn.Task.WaitAsync(TimeSpan.FromSeconds(120));
    }
}
