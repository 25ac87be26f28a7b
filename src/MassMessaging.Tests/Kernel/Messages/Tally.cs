using System.Collections.Concurrent;

namespace MassMessaging.Tests.Kernel.Messages;

/// <summary>Counts what handlers saw; waited on instead of sleeping.</summary>
public sealed class Tally
{
    private readonly ConcurrentQueue<(int Number, string Text)> seen = new();
    private readonly Lock gate = new();
    private readonly List<(Func<bool> Condition, TaskCompletionSource Met)> waiting = [];

    public IReadOnlyList<int> Numbers => [.. seen.Select(entry => entry.Number)];

    public IReadOnlyList<string> Texts => [.. seen.Select(entry => entry.Text)];

    public void Add(IReadOnlyList<int> numbers, IReadOnlyList<string> texts)
    {
        foreach (var entry in numbers.Zip(texts)) seen.Enqueue(entry);
        lock (gate)
        {
            foreach (var (_, met) in waiting.Where(wait => wait.Condition())) met.TrySetResult();
        }
    }

    public Task Count(int least) => When(() => seen.Count >= least);

    public Task Distinct(int least) => When(() => Numbers.Distinct().Count() >= least);

    private Task When(Func<bool> condition)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            waiting.Add((condition, met));
            if (condition()) met.TrySetResult();
        }

        return met.Task.WaitAsync(TimeSpan.FromSeconds(120));
    }
}
