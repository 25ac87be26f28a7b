using MassMessaging.Campaigns.Doubts;
using MassMessaging.WhatsApp;

namespace MassMessaging.Campaigns.Restores;

/// <summary>A member that waits in a restored database.</summary>
/// <param name="Phone">Canonical.</param>
public sealed record RestoredMember(Guid CampaignId, Guid Id, string? Variant, string Name, string Phone);

/// <param name="Sent">Members whose message the gateway has.</param>
/// <param name="Unclear">The gateway has a message that may be theirs, or another's.</param>
public sealed record RestoreFindings(
    IReadOnlyList<(RestoredMember Member, SentMessage Message)> Sent, IReadOnlyList<RestoredMember> Unclear);

/// <summary>
/// Which of those who wait were written to in the lost time, by what the gateway sent. Pure. A message that fits one member, who fits no
/// other message, is that member's; where that cannot be told apart, all of them may have been written to.
/// </summary>
public static class RestoreEvidence
{
    /// <param name="waiting">Members to whose numbers something was sent.</param>
    /// <param name="sent">Messages that this database does not know, by canonical phone.</param>
    /// <param name="render">A member's text as it would read at an instant, in each of its forms.</param>
    public static RestoreFindings Match(
        IReadOnlyCollection<RestoredMember> waiting, ILookup<string, SentMessage> sent,
        Func<RestoredMember, DateTimeOffset, IEnumerable<string>> render)
    {
        var pairs = (from member in waiting
                     from message in sent[member.Phone].DistinctBy(one => one.GatewayMessageId)
                     where Evidence.Readings(message.At, at => render(member, at)).Contains(message.Text, StringComparer.Ordinal)
                     select (Member: member, Message: message)).ToList();
        var rivals = pairs.ToLookup(pair => pair.Message.GatewayMessageId);
        var found = pairs.GroupBy(pair => pair.Member.Id).ToLookup(own => own.Count() == 1 && rivals[own.Single().Message.GatewayMessageId].Count() == 1);
        return new([.. found[true].Select(own => own.Single())], [.. found[false].Select(own => own.First().Member)]);
    }
}
