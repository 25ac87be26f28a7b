using MassMessaging.Profiles;
using MassMessaging.Profiles.SignIn;

namespace MassMessaging;

/// <summary>All that the service can do. Nothing is scanned: what is not listed here does not exist.</summary>
public static class Features
{
    public static IReadOnlyList<Feature> All { get; } =
    [
        SignInFeature.Feature,
        ProfilesFeature.Feature,
    ];
}
