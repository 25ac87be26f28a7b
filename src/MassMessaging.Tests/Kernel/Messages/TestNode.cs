using MassMessaging.Kernel;
using MassMessaging.Kernel.Messages;
using MassMessaging.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MassMessaging.Tests.Kernel.Messages;

public sealed record Note(int Number, string Text = "");

public sealed record Step(int Number, string Text = "");

public sealed record NoteTaken(int Number);

public sealed record NotesTaken(Guid ProfileId, long Notes) : ISumView<NotesTaken>
{
    public static string ViewName => "notes-taken";

    public static string Table => "notes_taken";

    public static NotesTaken? Increment(RecordedEvent recorded) =>
        recorded.Data is NoteTaken ? new NotesTaken(recorded.Stream.Profile, 1) : null;
}

/// <summary>What a spec wants its handlers to do.</summary>
public delegate Task Script(IReadOnlyList<int> numbers, IReadOnlyList<string> texts, ISession session, CancellationToken ct);

public sealed class NoteHandler(Script script) : IHandle<Note>
{
    public Task Handle(IReadOnlyList<Note> messages, ISession session, CancellationToken ct) =>
        script([.. messages.Select(note => note.Number)], [.. messages.Select(note => note.Text)], session, ct);
}

public sealed class StepHandler(Script script) : IHandle<Step>
{
    public Task Handle(IReadOnlyList<Step> messages, ISession session, CancellationToken ct) =>
        script([.. messages.Select(step => step.Number)], [.. messages.Select(step => step.Text)], session, ct);
}

/// <summary>One node of the product with nothing but messages: notes are unique per key, steps ordered per key.</summary>
public sealed class TestNode : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider services;
    private readonly List<IHostedService> running = [];

    private TestNode(ServiceProvider services) => this.services = services;

    public static QueueOptions Notes { get; } = new("notes");

    public static QueueOptions Steps { get; } = new("steps");

    public static Script DoNothing { get; } = (_, _, _, _) => Task.CompletedTask;

    internal Claims Claims => Get<Claims>();

    public IStore Store => Get<IStore>();

    /// <summary>Leaves a row in <c>handled</c> per number, in the session.</summary>
    public static Task Leave(ISession session, IReadOnlyList<int> numbers, CancellationToken ct) =>
        session.Sql("insert into handled select * from unnest(@numbers)", ct, ("numbers", numbers.ToArray()));

    /// <param name="clock">Null: the database's.</param>
    public static Task<TestNode> On(TestDatabase database, TimeProvider? clock, Script script, params QueueOptions[] queues) =>
        On(database, clock, poll: null, script, queues);

    /// <param name="poll">Null: the product's.</param>
    public static async Task<TestNode> On(
        TestDatabase database, TimeProvider? clock, TimeSpan? poll, Script script, params QueueOptions[] queues)
    {
        var collection = new ServiceCollection();
        collection.AddLogging();
        if (clock is not null) collection.AddSingleton(clock);
        collection.AddSingleton(script);
        var notes = Array.Find(queues, queue => queue.Name == Notes.Name) ?? Notes;
        var steps = Array.Find(queues, queue => queue.Name == Steps.Name) ?? Steps;
        var patient = new KernelOptions(database.ConnectionString, database.Schema) { IdleInTransaction = TimeSpan.FromMinutes(1) };
        collection.AddKernel(poll is { } rest ? patient with { Poll = rest } : patient, kernel => kernel
            .Stream("notebook", events => events.Event<NoteTaken>("note_taken"))
            .SumView<NotesTaken>()
            .Queue(notes).Queue(steps)
            .Message<Note, NoteHandler>("note", notes.Name)
            .Message<Step, StepHandler>("step", steps.Name, MessageOrder.PerKey));
        var node = new TestNode(collection.BuildServiceProvider());
        await node.Get<Migrator>().Migrate(CancellationToken.None);
        await database.Execute("""
            create table if not exists handled (number int not null);
            create table if not exists notes_taken (profile_id uuid primary key, notes bigint not null)
            """);
        return node;
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public async Task Send(params Outgoing[] messages)
    {
        await using var session = Store.Open(Origin.System);
        foreach (var message in messages) session.Send(message.Message, message.Key, message.At);
        await session.Commit(CancellationToken.None);
    }

    public Task Send(object message, string? key = null, DateTimeOffset? at = null) => Send(new Outgoing(message, key, at));

    public Task Drain() => Get<KernelDrain>().Drain(CancellationToken.None);

    /// <summary>Starts its daemons; those of one type only, if named.</summary>
    public async Task<TestNode> Run(params Type[] only)
    {
        foreach (var daemon in services.GetServices<IHostedService>().Where(daemon => only.Length == 0 || only.Contains(daemon.GetType())))
        {
            await daemon.StartAsync(CancellationToken.None);
            running.Add(daemon);
        }

        return this;
    }

    public async Task Stop()
    {
        foreach (var daemon in Enumerable.Reverse(running)) await daemon.StopAsync(CancellationToken.None);
        running.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        await services.DisposeAsync();
    }
}
