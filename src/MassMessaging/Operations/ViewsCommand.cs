using System.Globalization;
using MassMessaging.Kernel;

namespace MassMessaging.Operations;

/// <summary>The views from the command line: <c>views list</c>.</summary>
public static class ViewsCommand
{
    private const string Usage = "usage: views list";

    public static async Task<int> Run(IReadOnlyList<string> words, IServiceProvider services, CancellationToken ct)
    {
        if (words is not ["list"])
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        await List(services.GetRequiredService<Views>(), Console.Out, ct);
        return 0;
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
}
