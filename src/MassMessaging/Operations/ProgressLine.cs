using System.Diagnostics;
using System.Globalization;
using MassMessaging.Kernel;

namespace MassMessaging.Operations;

/// <summary>How rebuilds go: a bar that is drawn over itself in a terminal, a line for each tenth of the way elsewhere.</summary>
/// <param name="output">Where it is shown.</param>
/// <param name="isTerminal">It can go back to the beginning of a line.</param>
public sealed class ProgressLine(TextWriter output, bool isTerminal)
{
    private const int Width = 30;

    private readonly long began = Stopwatch.GetTimestamp();
    private int tenths = -1;
    private int drawn;

    public void Show(IReadOnlyList<RebuildProgress> rebuilds)
    {
        var (processed, total) = (rebuilds.Sum(one => one.Processed), rebuilds.Sum(one => one.Total));
        var share = total == 0 ? (rebuilds.All(one => one.State != "running") ? 1 : 0) : Math.Min(1, (double)processed / total);
        if (isTerminal) Draw(Text(rebuilds, share));
        if (isTerminal || (int)(share * 10) <= tenths) return;

        tenths = (int)(share * 10);
        Say(Text(rebuilds, share));
    }

    /// <summary>What became of each. False: not all are done.</summary>
    public bool End(IReadOnlyList<RebuildProgress> rebuilds)
    {
        if (isTerminal) output.WriteLine();
        foreach (var one in rebuilds)
        {
            var took = (one.FinishedAt - one.StartedAt)?.TotalSeconds ?? 0;
            output.WriteLine(one.State == "done"
                ? string.Create(CultureInfo.InvariantCulture, $"{one.View}: done, {one.Total:N0} places of the log in {took:N1} s")
                : $"{one.View}: {one.State}. {one.Error}");
        }

        return rebuilds.All(one => one.State == "done");
    }

    public void Say(string text)
    {
        if (isTerminal && drawn > 0) output.WriteLine();
        output.WriteLine(text);
        drawn = 0;
    }

    private void Draw(string text)
    {
        output.Write($"\r{text.PadRight(drawn)}");
        output.Flush();
        drawn = text.Length;
    }

    private string Text(IReadOnlyList<RebuildProgress> rebuilds, double share)
    {
        var place = rebuilds.Count == 0 ? 0 : rebuilds.Max(one => one.Processed);
        var seconds = Math.Max(0.001, Stopwatch.GetElapsedTime(began).TotalSeconds);
        var left = share is > 0 and < 1 ? string.Create(CultureInfo.InvariantCulture, $", {seconds * (1 - share) / share:N0} s left") : "";
        var bar = isTerminal ? $"[{new string('#', (int)(share * Width)).PadRight(Width, '-')}] " : "";
        var running = rebuilds.Count(one => one.State == "running");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{bar}{share,4:P0}  {place:N0} places of the log, {place / seconds:N0}/s{left}, {running} of {rebuilds.Count} views to go");
    }
}
