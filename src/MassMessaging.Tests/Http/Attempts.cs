namespace MassMessaging.Tests.Http;

/// <summary>What was tried to get at another's, by route and by who tried it.</summary>
internal sealed class Attempts
{
    private readonly SortedDictionary<string, int> routes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> callers = [];
    private int refused;

    public List<string> Wrong { get; } = [];

    /// <summary>The whole answer; of a stream up to the end of the first event, or as much as came at once.</summary>
    public static async Task<string> Told(HttpResponseMessage answer)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "text/event-stream") return await answer.Content.ReadAsStringAsync();

        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        using var enough = new CancellationTokenSource(TimeSpan.FromMilliseconds(150));
        var lines = new List<string>();
        try
        {
            while (await reader.ReadLineAsync(enough.Token) is { Length: > 0 } line) lines.Add(line);
        }
        catch (OperationCanceledException)
        {
            // Nothing was to be told.
        }

        return string.Join('\n', lines);
    }

    public void Count(string who, Route route, bool isRefused)
    {
        routes[route.ToString()] = routes.GetValueOrDefault(route.ToString()) + 1;
        callers[who] = callers.GetValueOrDefault(who) + 1;
        if (isRefused) refused++;
    }

    public bool Include(string route) => routes.ContainsKey(route);

    public void Print()
    {
        var output = TestContext.Current.TestOutputHelper;
        output?.WriteLine(
            $"{routes.Values.Sum()} attempts over {routes.Count} routes: {refused} refused, the others answered with the caller's own; {Wrong.Count} went wrong");
        foreach (var (who, count) in callers) output?.WriteLine($"  {count,6} by {who}");
        foreach (var (route, count) in routes) output?.WriteLine($"  {count,6} {route}");
    }
}
