using System.Collections.Immutable;

namespace MassMessaging.Simulator.OpenAi;

/// <summary>The simulated model: what it answers next, and what it was asked. On the simulator's port, under <c>/openai/v1</c>.</summary>
public sealed class OpenAiModel(TimeProvider clock, IReadOnlyList<string> keys)
{
    private readonly AppendOnly<ModelRequest> requests = new();
    private readonly Lock gate = new();
    private ImmutableArray<Scripted> script = [];
    private TaskCompletionSource? held;

    /// <summary>Any of them opens it.</summary>
    public IReadOnlyList<string> Keys => keys;

    public string Key => keys[0];

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<ModelRequest> Requests => requests.Read();

    /// <summary>What is still scripted, the next one first.</summary>
    public IReadOnlyList<ModelAnswer> Script => [.. script.Select(each => each.Remaining)];

    /// <summary>Scripts an answer behind those that are scripted already.</summary>
    public void Next(ModelAnswer answer) =>
        ImmutableInterlocked.Update(ref script, static (known, added) => known.Add(added), new Scripted(answer));

    public void Next(ModelAnswerKind kind, int? times = 1) => Next(new ModelAnswer(kind, times));

    /// <summary>Messages in the shape that the request asks for.</summary>
    public void Next(params string[] texts) => Next(new ModelAnswer(ModelAnswerKind.Texts, Texts: texts));

    public void Clear() => script = [];

    public void Forget() => requests.Clear();

    /// <summary>From now on requests are recorded but wait for <see cref="Release"/>.</summary>
    public void Hold()
    {
        lock (gate) held ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Release()
    {
        lock (gate)
        {
            held?.TrySetResult();
            held = null;
        }
    }

    internal Task Released
    {
        get
        {
            lock (gate) return held?.Task ?? Task.CompletedTask;
        }
    }

    /// <summary>Uses up one turn of the first scripted answer that meets the prompt.</summary>
    internal ModelAnswer Take(string prompt)
    {
        foreach (var each in script)
        {
            var meets = each.Answer.When is not { } when || prompt.Contains(when, StringComparison.OrdinalIgnoreCase);
            if (!meets || !each.Use(out var isLast)) continue;

            if (isLast) ImmutableInterlocked.Update(ref script, static (known, used) => known.Remove(used), each);
            return each.Answer;
        }

        return ModelAnswer.Default;
    }

    internal ModelRequest Record(ModelRequest request) => requests.Append(
        (request, at: clock.GetUtcNow()), static (sequence, state) => state.request with { Sequence = sequence, ReceivedAt = state.at });

    private sealed class Scripted(ModelAnswer answer)
    {
        private int left = answer.Times ?? int.MaxValue;

        public ModelAnswer Answer => answer;

        public ModelAnswer Remaining => answer.Times is null ? answer : answer with { Times = Math.Max(0, Volatile.Read(ref left)) };

        public bool Use(out bool isLast)
        {
            isLast = false;
            if (answer.Times is null) return true;

            var now = Interlocked.Decrement(ref left);
            isLast = now == 0;
            return now >= 0;
        }
    }
}
