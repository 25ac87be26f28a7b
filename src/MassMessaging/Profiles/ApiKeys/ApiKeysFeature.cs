using MassMessaging.Http;

namespace MassMessaging.Profiles.ApiKeys;

/// <summary>Keys for programs. A key makes and revokes no keys, so that one that leaked cannot outlive itself.</summary>
public static class ApiKeysFeature
{
    public static Feature Feature { get; } = new("ApiKeys", Routes: Routes);

    private static void Routes(IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/api-keys").WithTags("API keys").NotForKeys().NotIdempotent(); // a kept answer would hold the secret
        ListApiKeys.Map(keys);
        CreateApiKeyEndpoint.Map(keys);
        RevokeApiKey.Map(keys);
    }
}
