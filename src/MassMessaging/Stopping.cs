using System.Runtime.InteropServices;
using MassMessaging.Kernel;

namespace MassMessaging;

/// <summary>
/// SIGTERM or Ctrl-C: no new work is taken up at once, requests are still answered for the delay (the node says that it is not ready
/// meanwhile), then what is under way may end within the limit. What is left then is cut off: requests are aborted, calls to the gateway are
/// in doubt, messages are given back. The node signs off last. A second signal cuts it off at once. Where even that hangs, since nothing
/// comes back from the database, the process ends all the same: as after a kill, other nodes take over what is not given back.
/// </summary>
internal static class Stopping
{
    /// <summary>For what is written once the limit is over.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(8);

    public static void AddStopping(this IServiceCollection services, Settings settings)
    {
        services.Configure<HostOptions>(host =>
        {
            // The last started stops first. At once would let other nodes take over what this one still does.
            host.ServicesStopConcurrently = false;
            host.ShutdownTimeout = settings.DrainDelay + settings.Drain;
        });
        services.AddHostedService<Beginning>();
    }

    /// <summary>As <c>WaitForShutdownAsync</c>, within the limits above. False: something hangs, and would hang its disposal too.</summary>
    public static async Task<bool> WaitForStop(this WebApplication app)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (app.Lifetime.ApplicationStopping.Register(() => asked.TrySetResult())) await asked.Task;
        var draining = app.Services.GetRequiredService<Draining>();
        draining.Begin();

        // On a thread of its own: whoever cancels a statement waits until the server has heard of it.
        var stop = Task.Run(() => app.StopAsync(draining.Over));
        if (await Task.WhenAny(stop, Past(draining)) != stop)
        {
            app.Logger.LogWarning("The stop was not over in time: what hangs is left behind, as after a kill");
            return false;
        }

        await stop;
        return true;
    }

    private static async Task Past(Draining draining)
    {
        await draining.Limit;
        await Task.Delay(LastWords);
    }

    private sealed class Beginning(Draining draining, Settings settings, IHostApplicationLifetime lifetime) : IHostedLifecycleService, IDisposable
    {
        private readonly List<IDisposable> heard = [];
        private int signals;

        public Task StartingAsync(CancellationToken cancellationToken)
        {
            heard.Add(lifetime.ApplicationStopping.Register(draining.Begin));
            heard.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Hear));
            heard.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Hear));
            return Task.CompletedTask;
        }

        /// <summary>Before anything stops. Balancers see that the node is not ready, and send what is new elsewhere.</summary>
        public async Task StoppingAsync(CancellationToken cancellationToken)
        {
            draining.Begin();
            await Task.Delay(settings.DrainDelay, draining.Over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
            foreach (var one in heard) one.Dispose();
        }

        private void Hear(PosixSignalContext signal)
        {
            signal.Cancel = true; // The host stops by itself; the process does not end before.
            if (Interlocked.Increment(ref signals) > 1) draining.CutShort();
        }
    }
}
