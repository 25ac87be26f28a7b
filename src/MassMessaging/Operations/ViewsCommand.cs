using System.Globalization;
using MassMessaging.Kernel;

namespace MassMessaging.Operations;

/// <summary>The views from the command line: <c>views list</c>, <c>views rebuild &lt;name|all&gt; [--profile id]</c>.</summary>
public static class ViewsCommand
{
    private const string Actor = "command";
    private const string Usage = "usage: views list | views rebuild <name|all> [--profile <id>]";
    private const int Understood = 0;
    private const int Failed = 1;
    private const int NotUnderstood = 2;
    private const int Interrupted = 130;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public static async Task<int> Run(IReadOnlyList<string> words, IServiceProvider services, CancellationToken ct)
    {
        var views = services.GetRequiredService<Views>();
        switch (words)
        {
            case ["list"]:
                await List(views, Console.Out, ct);
                return Understood;
            case ["rebuild", var name]:
                return await Rebuild(name, null, views, services.GetRequiredService<ViewRebuild>(), ct);
            case ["rebuild", var name, "--profile", var text] when Guid.TryParse(text, out var profile):
                return await Rebuild(name, profile, views, services.GetRequiredService<ViewRebuild>(), ct);
            default:
                await Console.Error.WriteLineAsync(Usage);
                return NotUnderstood;
        }
    }

    private static async Task List(Views views, TextWriter output, CancellationToken ct)
    {
        foreach (var view in await views.Status(ct))
        {
            var position = view.Position?.ToString("N0", CultureInfo.InvariantCulture) ?? "with the log";
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{view.Name,-28} {view.Kind,-7} {view.State,-8} at {position}, {view.Lag:N0} behind"));
            if (view.Error is { } error) await output.WriteLineAsync($"    {error}");
        }
    }

    private static async Task<int> Rebuild(string name, Guid? profile, Views views, ViewRebuild rebuild, CancellationToken ct)
    {
        var all = (await views.Status(ct)).Select(view => view.Name).ToList();
        if (name != "all" && !all.Contains(name))
        {
            await Console.Error.WriteLineAsync($"There is no view {name}. There are: {string.Join(", ", all)}.");
            return NotUnderstood;
        }

        List<string> names = name == "all" ? all : [name];
        await rebuild.Request(names, profile, Actor, ct);
        return await Follow(names, profile, rebuild, new ProgressLine(Console.Out, !Console.IsOutputRedirected), ct);
    }

    /// <summary>Works on what nobody else does, and shows how all of it goes.</summary>
    private static async Task<int> Follow(List<string> names, Guid? profile, ViewRebuild rebuild, ProgressLine line, CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var working = Work(rebuild, over.Token);
        try
        {
            while (true)
            {
                var own = await Own(names, profile, rebuild, ct);
                line.Show(own);
                if (own.All(one => one.State != "running")) return line.End(own) ? Understood : Failed;
                await Task.WhenAny(working, Task.Delay(Look, ct));
                if (working.IsCompleted)
                {
                    await working; // throws what went wrong
                    working = Work(rebuild, over.Token);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await Ended(working); // lets go of what it has claimed: the shadow is dropped by whoever can claim it
            foreach (var name in names) await rebuild.Cancel(name, profile, CancellationToken.None);
            line.Show(await Own(names, profile, rebuild, CancellationToken.None));
            line.Say("Cancelled: the rows are as they were.");
            return Interrupted;
        }
        finally
        {
            await over.CancelAsync();
            await Ended(working);
        }
    }

    private static async Task Work(ViewRebuild rebuild, CancellationToken ct)
    {
        while (await rebuild.RunPending(ct))
        {
        }

        await Task.Delay(Look, ct); // somebody else is at it
    }

    private static async Task<List<RebuildProgress>> Own(List<string> names, Guid? profile, ViewRebuild rebuild, CancellationToken ct) =>
        [.. (await rebuild.All(ct)).Where(one => one.ProfileId == profile && names.Contains(one.View)).OrderBy(one => names.IndexOf(one.View))];

    private static Task Ended(Task working) => working.ContinueWith(
        _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
