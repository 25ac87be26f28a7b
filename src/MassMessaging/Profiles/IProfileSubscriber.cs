namespace MassMessaging.Profiles;

/// <summary>Whoever goes by the profile's settings learns of a change in the session that makes it.</summary>
public interface IProfileSubscriber
{
    Task Changed(ProfileRow was, ProfileRow profile, ISession session, CancellationToken ct);
}
