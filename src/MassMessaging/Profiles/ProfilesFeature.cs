namespace MassMessaging.Profiles;

public static class ProfilesFeature
{
    public static Feature Feature { get; } = new("Profiles", Routes: Routes);

    private static void Routes(IEndpointRouteBuilder routes)
    {
        GetProfile.Map(routes);
        ChangeProfileEndpoint.Map(routes);
    }
}
