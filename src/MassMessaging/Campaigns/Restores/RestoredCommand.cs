using System.Globalization;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Restores;

/// <summary>
/// <c>restored [--at &lt;time&gt;]</c>: an operator's word that this database is a copy, for those that do not show it (a snapshot of the server's
/// files). Everything is held as if that had been seen, at once where nodes run.
/// </summary>
public static class RestoredCommand
{
    private const string Usage = "usage: restored [--at <time of the copy, ISO 8601>]";
    private const int NotUnderstood = 2;
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    public static async Task<int> Run(IReadOnlyList<string> words, IServiceProvider services, CancellationToken ct)
    {
        DateTimeOffset? at = words is ["--at", var text] && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var time) ? time : null;
        if (words.Count > 0 && at is null)
        {
            await Console.Error.WriteLineAsync(Usage);
            return NotUnderstood;
        }

        await using var session = services.GetRequiredService<IStore>().Open(new Origin("command"));
        await KnownDatabase.SayRestored(session, at, ct);
        await session.Commit(ct);
        await Console.Out.WriteLineAsync("Nothing goes out any more. Running nodes pause every campaign within seconds, others when they start.");
        return 0;
    }
}
