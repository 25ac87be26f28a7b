using MassMessaging.Http;

namespace MassMessaging.Profiles;

public static class ProfilesFeature
{
    public static Feature Feature { get; } = new("Profiles", Routes: Routes);

    private static void Routes(IEndpointRouteBuilder routes)
    {
        var profile = routes.MapGroup("/profile").WithTags("Profile").ScopedByMethod();
        GetProfile.Map(profile);
        ChangeProfileEndpoint.Map(profile);
    }
}
