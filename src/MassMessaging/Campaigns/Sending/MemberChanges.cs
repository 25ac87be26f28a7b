using MassMessaging.Campaigns.Replies;
using MassMessaging.Kernel;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Sending;

/// <summary>Members of one session, locked together and changed by any number of decisions; appended once each.</summary>
public sealed class MemberChanges
{
    private readonly Dictionary<StreamKey, (Versioned<AudienceMember> Loaded, AudienceMember State, List<object> Events)> members;

    private readonly Dictionary<StreamKey, string> traces = [];

    private MemberChanges(IReadOnlyDictionary<StreamKey, Versioned<AudienceMember>> loaded) =>
        members = loaded.ToDictionary(entry => entry.Key, entry => (entry.Value, entry.Value.State, new List<object>()));

    public static async Task<MemberChanges> Load(ISession session, IEnumerable<StreamKey> keys, CancellationToken ct) =>
        new(await session.LoadMany<AudienceMember>([.. keys.Distinct()], ct));

    /// <summary>As the marks of their attempts left them, neither locked nor read: whoever has changed since is a conflict at commit.</summary>
    public static MemberChanges Of(IEnumerable<Permit> permits) => new(permits.ToDictionary(permit => permit.Member, permit => permit.Marked!));

    /// <summary>Campaigns whose members changed.</summary>
    public IEnumerable<StreamKey> Campaigns => members
        .Where(member => member.Value.Events.Count > 0)
        .Select(member => new StreamKey(member.Key.Profile, member.Value.State.CampaignId))
        .Distinct();

    public IEnumerable<StreamKey> Changed => members.Where(member => member.Value.Events.Count > 0).Select(member => member.Key);

    public void Apply(StreamKey key, Func<AudienceMember, Decision> decide)
    {
        var (loaded, state, events) = members[key];
        if (decide(state) is not Decision.Accepted accepted) return;
        events.AddRange(accepted.Events);
        members[key] = (loaded, accepted.Events.Aggregate(state, AudienceMember.Evolve), events);
    }

    /// <summary>What is written of this member now belongs to this trace.</summary>
    public void Traced(StreamKey key, string? trace)
    {
        if (trace is not null) traces[key] = trace;
    }

    /// <param name="broughtBy">Trace of the request that the receipt came with.</param>
    public void Receive(GatewayMessage message, ReceiptKind kind, DateTimeOffset at, string? code, string? broughtBy = null)
    {
        var key = message.Member!.Value;
        using var span = CampaignTraces.Receipt(traces.GetValueOrDefault(key) ?? members[key].Loaded.Trace, message, kind, broughtBy);
        Apply(key, member => RecordReceipt.Decide(member, message.MessageId, kind, at, code));
    }

    /// <summary>Receipts that came before it was known whose message they are about.</summary>
    public void ApplyEarly(IEnumerable<GatewayMessage> messages)
    {
        foreach (var message in messages)
            foreach (var (kind, at) in message.Receipts())
                Receive(message, kind, at, message.FailedCode);
    }

    /// <summary>And has those opted out whose messages failed because they want no marketing.</summary>
    public void Append(ISession session)
    {
        foreach (var (key, (loaded, state, events)) in members)
        {
            if (events.Count == 0) continue;
            session.Append(key, loaded.Version, events);
            session.Trace(key, traces.GetValueOrDefault(key));
            foreach (var written in events) CampaignMeter.Count(key, written);
            foreach (var declined in events.OfType<MessageFailed>().Where(failed => failed.Reason == MarketingPreferred.Declined))
                MarketingPreferred.Ask(session, key.Profile, state.ClientId, declined.FailedAt);
        }
    }
}
