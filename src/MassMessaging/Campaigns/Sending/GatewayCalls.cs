using System.Collections.Concurrent;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>The calls that this node has in flight, lane by lane. A call that hangs holds its place until its timeout.</summary>
public sealed class GatewayCalls(
    IWhatsApp whatsApp, FrozenTexts texts, OutcomeWriter outcomes, SendingOptions options, TimeProvider clock, ILogger<GatewayCalls> log) : IDisposable
{
    /// <summary>Reason of what was called and not answered when the service stopped.</summary>
    public const string GivenUp = "service-stopped";

    private static readonly TimeSpan TimerError = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<Guid, Lane> lanes = new();
    private readonly ConcurrentDictionary<Guid, (Permit Permit, Task Task)> running = new();
    private readonly CancellationTokenSource givenUp = new();

    /// <summary>Raised when a call has ended: its lane may have room again.</summary>
    public event EventHandler? Ended;

    public int InFlight(Guid profile) => lanes.TryGetValue(profile, out var lane) ? lane.Calls : 0;

    /// <summary>Lanes that cannot take another call: a tick leaves them alone until one has ended.</summary>
    public Guid[] BusyLanes() => [.. lanes.Where(lane => lane.Value.IsBusy).Select(lane => lane.Key)];

    public Guid[] CallingLanes() => [.. lanes.Where(lane => lane.Value.Calls > 0).Select(lane => lane.Key)];

    /// <summary>Lanes that wait for calls which the gateway has not answered for 10 s.</summary>
    public IReadOnlySet<Guid> SlowLanes() => running.Values
        .Where(call => clock.GetElapsedTime(call.Permit.OpenedAt) > Slow)
        .Select(call => call.Permit.Member.Profile)
        .Where(profile => lanes[profile].IsBusy).ToHashSet();

    /// <summary>From now on no permit of an earlier epoch of this lane is used on this node.</summary>
    public void Revoke(Guid profile, long epoch)
    {
        var lane = lanes.GetOrAdd(profile, _ => new Lane());
        InterlockedMax(ref lane.Epoch, epoch);
    }

    /// <summary>What the calls of these permits will ask for; in the session that grants them.</summary>
    public Task Prepare(ISession session, IEnumerable<Permit> permits, CancellationToken ct) =>
        texts.Learn(session, permits.Select(permit => permit.Campaign), ct);

    public void Start(IReadOnlyList<Permit> permits)
    {
        foreach (var permit in permits)
        {
            var lane = lanes.GetOrAdd(permit.Member.Profile, _ => new Lane());
            lane.AtOnce = permit.Rate.CallsAtOnce;
            Interlocked.Increment(ref lane.Calls);
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            running[permit.MessageId] = (permit, Run(permit, lane, begun.Task));
            begun.SetResult();
        }
    }

    /// <summary>
    /// One message of no campaign: whoever asked waits for the outcome, and nothing is kept. Not given up when the asker leaves.
    /// </summary>
    /// <param name="text">Rendered when the slot starts.</param>
    public Task<SendOutcome> CallOnce(Permit permit, Func<DateTimeOffset, string> text) =>
        CallOnce(permit, at => new OutgoingMessage.Text(text(at)));

    /// <inheritdoc cref="CallOnce(Permit, Func{DateTimeOffset, string})"/>
    public async Task<SendOutcome> CallOnce(Permit permit, Func<DateTimeOffset, OutgoingMessage> message)
    {
        var lane = lanes.GetOrAdd(permit.Member.Profile, _ => new Lane());
        await Start(permit);
        Interlocked.Increment(ref lane.Calls);
        try
        {
            using var span = CampaignTraces.Call(permit, launch: null);
            using var timeout = new CancellationTokenSource(options.CallTimeout, clock);
            var outcome = await whatsApp.Send(
                permit.Instance, permit.Recipient.Phone, message(clock.GetUtcNow()), () => MayWrite(permit, lane), timeout.Token);
            CampaignTraces.Ended(span, outcome);
            return outcome;
        }
        finally
        {
            Interlocked.Decrement(ref lane.Calls);
            Ended?.Invoke(this, EventArgs.Empty);
        }
    }

    /// <summary>The members of these permits are marked, perhaps, and will not be called.</summary>
    public void Forgo(IReadOnlyList<Permit> permits)
    {
        foreach (var permit in permits)
        {
            var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            running[permit.MessageId] = (permit, Keep(permit, new SendOutcome.NotWritten("not-called"), begun.Task));
            begun.SetResult();
        }
    }

    /// <summary>Attempts whose outcome this node has or will have.</summary>
    public Guid[] Held() => [.. running.Keys];

    /// <summary>Completes when no call is running and every outcome is written.</summary>
    public async Task Quiet()
    {
        while (!running.IsEmpty) await Task.WhenAll(running.Values.Select(call => call.Task));
    }

    /// <summary>
    /// The end of the service's patience: nothing is written to the gateway any more, and what is not answered is in doubt at once, since
    /// nobody else could bring its outcome. Not for good: its receipt, or what the gateway remembers, still settles it.
    /// </summary>
    public Task GiveUp() => givenUp.CancelAsync();

    public void Dispose() => givenUp.Dispose();

    /// <param name="listed">The call is in the list that its end removes it from.</param>
    private async Task Run(Permit permit, Lane lane, Task listed)
    {
        await listed;
        var (outcome, trace) = await Call(permit, lane);
        Interlocked.Decrement(ref lane.Calls);
        Ended?.Invoke(this, EventArgs.Empty);
        await Keep(permit, outcome, listed, trace);
    }

    private async Task Keep(Permit permit, SendOutcome outcome, Task listed, string? trace = null)
    {
        await listed;
        try
        {
            await outcomes.Write(new CallOutcome(permit, outcome, clock.GetUtcNow()) { Trace = trace });
        }
        catch (Exception error)
        {
            // The member stays marked: it goes in doubt when its holder is waited out. Nothing is resent.
            log.LogError(error, "The outcome of message {MessageId} could not be kept", permit.MessageId);
        }
        finally
        {
            running.TryRemove(permit.MessageId, out _);
        }
    }

    /// <summary>Never throws: whatever happens here is an outcome.</summary>
    private async Task<(SendOutcome Outcome, string? Trace)> Call(Permit permit, Lane lane)
    {
        if (await Text(permit) is not { } frozen) return (new SendOutcome.NotWritten("text-unreadable"), null);
        await Start(permit);

        using var span = CampaignTraces.Call(permit, frozen.Trace);
        var outcome = await Call(permit, lane, frozen);
        CampaignTraces.Ended(span, outcome);
        return (outcome, Traces.Of(span));
    }

    private async Task<SendOutcome> Call(Permit permit, Lane lane, FrozenText frozen)
    {
        try
        {
            using var timeout = new CancellationTokenSource(options.CallTimeout, clock);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, givenUp.Token);
            var message = frozen.Message(permit, clock.GetUtcNow());
            return Told(await whatsApp.Send(permit.Instance, permit.Recipient.Phone, message, () => MayWrite(permit, lane), end.Token));
        }
        catch (Exception error)
        {
            log.LogError(error, "The gateway client failed on message {MessageId}", permit.MessageId);
            return new SendOutcome.Unknown("client-failed");
        }
    }

    private async Task<FrozenText?> Text(Permit permit)
    {
        try
        {
            return await texts.Of(permit.Member.Profile, permit.CampaignId);
        }
        catch (Exception error)
        {
            log.LogWarning(error, "The text of campaign {CampaignId} could not be read", permit.CampaignId);
            return null;
        }
    }

    private async Task Start(Permit permit)
    {
        while (permit.UntilStart(clock) is var wait && wait > TimeSpan.Zero)
            await Task.Delay(wait < TimerError ? TimerError : wait, clock);
    }

    /// <summary>A call that we gave up says nothing of the gateway.</summary>
    private SendOutcome Told(SendOutcome outcome) => !givenUp.IsCancellationRequested ? outcome : outcome switch
    {
        SendOutcome.NotWritten => new SendOutcome.NotWritten("not-called"),
        SendOutcome.Unknown => new SendOutcome.Unknown(GivenUp),
        _ => outcome,
    };

    private bool MayWrite(Permit permit, Lane lane) => !givenUp.IsCancellationRequested && permit.IsLive(clock) && permit.Epoch >= Interlocked.Read(ref lane.Epoch);

    private static void InterlockedMax(ref long target, long value)
    {
        for (var seen = Interlocked.Read(ref target); seen < value;)
        {
            var was = Interlocked.CompareExchange(ref target, value, seen);
            if (was == seen) return;
            seen = was;
        }
    }

    private sealed class Lane
    {
        public int Calls;
        public int AtOnce = 1;
        public long Epoch;

        public bool IsBusy => Volatile.Read(ref Calls) >= Volatile.Read(ref AtOnce);
    }
}
