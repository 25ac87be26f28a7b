using MassMessaging.Profiles;

namespace MassMessaging.Campaigns.Sending;

/// <summary>
/// Another time zone has other days and, for clients whose country is not known, other quiet hours: what the old one holds is looked at
/// anew at the lane's next tick. What the day has had stays counted.
/// </summary>
public sealed class ChangeZone : IProfileSubscriber
{
    public async Task Changed(ProfileRow was, ProfileRow profile, ISession session, CancellationToken ct)
    {
        if (was.TimeZone == profile.TimeZone) return;

        await ResetScans.Reset(session, profile.Id, ct); // behind the lane's lock: a tick in progress knows the old zone
        await ChangeLimits.LiftDay(session, profile.Id, ct);
    }
}
