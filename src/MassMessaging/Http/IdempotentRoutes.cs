namespace MassMessaging.Http;

/// <summary>Marks a POST that an <c>Idempotency-Key</c> does nothing for: sign-in, secrets, connections.</summary>
public sealed record NotIdempotent;

/// <summary>
/// Marks a POST of visitors that takes keys all the same. A visitor's key counts for this address alone, whoever sends it: the same body
/// gets the same answer, which therefore must say nothing that its sender did not.
/// </summary>
/// <param name="Whose">The caller on whose account the key is kept; null: nobody's, and the key does nothing.</param>
public sealed record KeysOfVisitors(Func<HttpContext, Task<Caller?>> Whose);

/// <summary>Which routes take an <c>Idempotency-Key</c>.</summary>
public static class IdempotentRoutes
{
    public const string Header = "Idempotency-Key";

    /// <summary>On an answer that was given before.</summary>
    public const string Replayed = "Idempotency-Replayed";

    public const int LongestKey = 255;

    public static TBuilder NotIdempotent<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new NotIdempotent());

    /// <summary>
    /// Every signed-in POST and those of visitors that say so, but for those marked and those that stream their bodies (an import repeats
    /// itself harmlessly).
    /// </summary>
    public static bool TakesKey(IEnumerable<object> metadata, string? method)
    {
        if (method is null || !HttpMethods.IsPost(method)) return false;

        return metadata.Any(item => item is KeysOfVisitors) || !metadata.Any(item => item
            is Microsoft.AspNetCore.Authorization.IAllowAnonymous
            or Http.NotIdempotent
            or Microsoft.AspNetCore.Http.Metadata.IRequestSizeLimitMetadata { MaxRequestBodySize: null });
    }
}
