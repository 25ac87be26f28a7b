namespace MassMessaging.EmbeddedPostgres;

/// <summary>
/// Several services may share one folder: one at a time starts or stops the server, and the last to leave stops it.
/// The operating system releases these locks when a process dies, however it dies.
/// </summary>
public static class ServerLocks
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public static async Task<FileStream> StartOrStop(ServerFolder folder, CancellationToken ct)
    {
        while (true)
        {
            if (TryOpen(folder.At("change.lock"), FileShare.None) is { } changing) return changing;

            await Task.Delay(Poll, ct);
        }
    }

    /// <summary>Held for as long as the server is used.</summary>
    public static FileStream Use(ServerFolder folder)
    {
        File.Open(folder.At("use.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
        return File.Open(folder.At("use.lock"), FileMode.Open, FileAccess.Read, FileShare.Read);
    }

    public static bool IsUsed(ServerFolder folder)
    {
        using var alone = TryOpen(folder.At("use.lock"), FileShare.None);
        return alone is null;
    }

    private static FileStream? TryOpen(string file, FileShare share)
    {
        try
        {
            return File.Open(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, share);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
