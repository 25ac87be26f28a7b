namespace MassMessaging;

/// <summary>
/// What stops goes one after the other, the last started first: requests, then the lanes (6 s for calls under way), the workers (6 s to
/// finish, 2 s to give back), and only then the node signs off (1 s). At once would let other nodes take over what this one still does.
/// </summary>
internal static class Stopping
{
    /// <summary>
    /// For requests and lanes together. Workers and sign-off keep their own limits even when it is used up, so that the whole stop takes
    /// 24 s at most, and fits the 30 s that orchestrators give.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    public static void AddStopping(this IServiceCollection services) => services.Configure<HostOptions>(host =>
    {
        host.ServicesStopConcurrently = false;
        host.ShutdownTimeout = Limit;
    });
}
