using MassMessaging.Kernel;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// The right to write one message to the gateway, from its slot's start until δ/2 later, on this process's monotonic clock. The member is
/// durably marked attempted before the permit exists.
/// </summary>
/// <param name="Variant">Of a campaign with variants: which text.</param>
/// <param name="MessageId">This attempt; an outcome of another attempt changes nothing.</param>
/// <param name="Epoch">Of the lane at the grant: pause and cancel bump it, which voids the permit.</param>
/// <param name="OpenedAt">Monotonic timestamp taken no later than the instant that <paramref name="StartsIn"/> counts from.</param>
/// <param name="LaneWasHeld">The lane had been held: a success lifts the memory of it.</param>
/// <param name="IsFirst">The first message ever sent to this client: it says who writes.</param>
/// <param name="Day">Of the lane's count: given back if surely nothing was sent.</param>
/// <param name="IsProbe">Its outcome closes or opens the lane's breaker.</param>
/// <param name="Marked">The member as its mark left it, as far as an outcome asks; null: it has to be read.</param>
/// <param name="AsTemplate">Goes as the campaign's template at Meta.</param>
public sealed record Permit(
    StreamKey Member, Guid CampaignId, Guid ClientId, string? Variant, Guid MessageId, string Instance, Recipient Recipient, long Epoch,
    long OpenedAt, TimeSpan StartsIn, LaneRate Rate, bool LaneWasHeld, bool IsFirst = false, bool AsTemplate = false,
    DateOnly Day = default, bool IsProbe = false, Versioned<AudienceMember>? Marked = null)
{
    public StreamKey Campaign => new(Member.Profile, CampaignId);

    public TimeSpan UntilStart(TimeProvider clock) => StartsIn - clock.GetElapsedTime(OpenedAt);

    public bool IsLive(TimeProvider clock) => clock.GetElapsedTime(OpenedAt) <= StartsIn + Rate.PermitLife;
}
