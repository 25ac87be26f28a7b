using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

namespace MassMessaging.Http;

/// <summary>An RFC 9457 problem with a stable <paramref name="Code"/>; every code is listed in docs/api.md.</summary>
/// <param name="Errors">Every wrong field with its messages.</param>
/// <param name="CurrentStatus">Of the thing that could not be changed (409): RFC 9457 keeps the name <c>status</c> for the number.</param>
public sealed record Problem(
    int Status,
    string Code,
    string Detail,
    IReadOnlyDictionary<string, string[]>? Errors = null,
    string? CurrentStatus = null,
    TimeSpan? RetryAfter = null) : IResult, IStatusCodeHttpResult
{
    public const string ContentType = "application/problem+json";

    int? IStatusCodeHttpResult.StatusCode => Status;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } wait)
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

        return response.WriteAsJsonAsync(ToBody(), JsonConventions.Options, ContentType, httpContext.RequestAborted);
    }

    public ProblemBody ToBody() => new(ReasonPhrases.GetReasonPhrase(Status), Status, Code, Detail, Errors, CurrentStatus);
}

/// <summary>What a client reads; members without a value are left out.</summary>
public sealed record ProblemBody(
    string Title,
    int Status,
    string Code,
    string Detail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string[]>? Errors,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CurrentStatus);
