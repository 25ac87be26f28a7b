using MassMessaging.Campaigns.Replies;
using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Sending;

/// <summary>Members of one session, locked together and changed by any number of decisions; appended once each.</summary>
public sealed class MemberChanges
{
    private readonly Dictionary<StreamKey, (Versioned<AudienceMember> Loaded, AudienceMember State, List<object> Events)> members;

    private MemberChanges(IReadOnlyDictionary<StreamKey, Versioned<AudienceMember>> loaded) =>
        members = loaded.ToDictionary(entry => entry.Key, entry => (entry.Value, entry.Value.State, new List<object>()));

    public static async Task<MemberChanges> Load(ISession session, IEnumerable<StreamKey> keys, CancellationToken ct) =>
        new(await session.LoadMany<AudienceMember>([.. keys.Distinct()], ct));

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

    /// <summary>Receipts that came before it was known whose message they are about.</summary>
    public void ApplyEarly(IEnumerable<GatewayMessage> messages)
    {
        foreach (var message in messages)
            foreach (var (kind, at) in message.Receipts())
                Apply(message.Member!.Value, member => RecordReceipt.Decide(member, message.MessageId, kind, at, message.FailedCode));
    }

    /// <summary>And has those opted out whose messages failed because they want no marketing.</summary>
    public void Append(ISession session)
    {
        foreach (var (key, (loaded, state, events)) in members)
        {
            if (events.Count == 0) continue;
            session.Append(key, loaded.Version, events);
            foreach (var written in events) CampaignMeter.Count(key, written);
            foreach (var declined in events.OfType<MessageFailed>().Where(failed => failed.Reason == MarketingPreferred.Declined))
                MarketingPreferred.Ask(session, key.Profile, state.ClientId, declined.FailedAt);
        }
    }
}
