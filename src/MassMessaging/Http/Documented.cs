using System.Diagnostics.CodeAnalysis;

namespace MassMessaging.Http;

/// <summary>What a route can refuse with; the OpenAPI document and docs/api.md show it.</summary>
public sealed record ProblemCodes(IReadOnlyList<string> Codes);

/// <summary>The body that a route takes: read through <see cref="Fields"/>, so that nothing else tells its shape.</summary>
public sealed record BodyShape(Type Type, string ContentType = "application/json");

/// <summary>A value that a route reads from the query string through <see cref="Query"/>.</summary>
public sealed record QueryShape(string Name, string Description);

public static class DocumentedRoutes
{
    /// <param name="route">The route.</param>
    /// <param name="name">camelCase, unique: the operation's id.</param>
    /// <param name="summary">One sentence.</param>
    /// <param name="codes">What this route refuses with, beside <see cref="SharedCodes"/>.</param>
    public static RouteHandlerBuilder Documented(this RouteHandlerBuilder route, string name, string summary, params string[] codes) =>
        route.WithName(name).WithSummary(summary).WithMetadata(new ProblemCodes(codes));

    /// <summary>Names the shape of the JSON body for the OpenAPI document; it does not bind it.</summary>
    public static RouteHandlerBuilder Takes<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] T>(
        this RouteHandlerBuilder route) => route.WithMetadata(new BodyShape(typeof(T)));

    /// <summary>Names a value of the query string for the OpenAPI document; it does not bind it.</summary>
    public static RouteHandlerBuilder Asks(this RouteHandlerBuilder route, string name, string description) =>
        route.WithMetadata(new QueryShape(name, description));

    /// <summary>For bodies that are streamed: lifts the limit of 1 MiB.</summary>
    public static RouteHandlerBuilder AnyBodySize(this RouteHandlerBuilder route) =>
        route.WithMetadata(new Microsoft.AspNetCore.Mvc.DisableRequestSizeLimitAttribute());
}

/// <summary>Codes that a route may answer with because of what it is, beside its own.</summary>
public static class SharedCodes
{
    /// <summary>Of everything below <c>/api</c>.</summary>
    public static IReadOnlyList<string> All { get; } = ["internal-error", "database-unavailable"];

    public static IReadOnlyList<string> OfLimits { get; } = ["rate-limited"];

    /// <summary>Of routes that only who is signed in may call.</summary>
    public static IReadOnlyList<string> OfSignedIn { get; } = ["not-signed-in", ScopeCheck.Missing];

    /// <summary>Of those of them that no API key can call, instead.</summary>
    public static IReadOnlyList<string> OfPersons { get; } = ["not-signed-in", ScopeCheck.KeyRefused];

    /// <summary>Of routes with an id in their path.</summary>
    public static IReadOnlyList<string> OfIds { get; } = ["not-found"];

    /// <summary>Of routes that read values of the query string.</summary>
    public static IReadOnlyList<string> OfQueries { get; } = ["validation-failed"];

    /// <summary>Of routes that take a JSON body.</summary>
    public static IReadOnlyList<string> OfBodies { get; } =
        ["validation-failed", "invalid-json", "body-too-large", "unsupported-media-type", "request-timeout"];

    /// <summary>Of routes that change something and are signed in.</summary>
    public static IReadOnlyList<string> OfWrites { get; } = ["changed-meanwhile", OwnPages.Code];

    /// <summary>Of POSTs that take an <c>Idempotency-Key</c>.</summary>
    public static IReadOnlyList<string> OfKeys { get; } =
        ["idempotency-key-invalid", "idempotency-key-reused", "idempotency-in-progress", "idempotency-answer-not-kept", "body-too-large"];
}
