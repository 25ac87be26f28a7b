namespace MassMessaging.Http;

/// <summary>Marks a POST that an <c>Idempotency-Key</c> does nothing for: sign-in, secrets, connections.</summary>
public sealed record NotIdempotent;

/// <summary>Which routes take an <c>Idempotency-Key</c>.</summary>
public static class IdempotentRoutes
{
    public const string Header = "Idempotency-Key";

    /// <summary>On an answer that was given before.</summary>
    public const string Replayed = "Idempotency-Replayed";

    public const int LongestKey = 255;

    public static TBuilder NotIdempotent<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new NotIdempotent());

    /// <summary>Every signed-in POST, but for those marked and those that stream their bodies (an import repeats itself harmlessly).</summary>
    public static bool TakesKey(IEnumerable<object> metadata, string? method)
    {
        if (method is null || !HttpMethods.IsPost(method)) return false;

        return !metadata.Any(item => item
            is Microsoft.AspNetCore.Authorization.IAllowAnonymous
            or Http.NotIdempotent
            or Microsoft.AspNetCore.Http.Metadata.IRequestSizeLimitMetadata { MaxRequestBodySize: null });
    }
}
