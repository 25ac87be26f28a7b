namespace MassMessaging.Http;

/// <summary>The problems that endpoints answer with.</summary>
public static class Problems
{
    /// <summary>Not there, or not the caller's: the two are never told apart.</summary>
    public static IResult NotFound() => OfStatus(StatusCodes.Status404NotFound);

    public static IResult Invalid(string code, string detail, IReadOnlyDictionary<string, string[]>? errors = null) =>
        new Problem(StatusCodes.Status400BadRequest, code, detail, errors);

    /// <param name="code">Stable, listed in docs/api.md.</param>
    /// <param name="detail">One sentence for a person.</param>
    /// <param name="status">Where the thing stands now, if that is why.</param>
    public static IResult Conflict(string code, string detail, string? status = null) =>
        new Problem(StatusCodes.Status409Conflict, code, detail, CurrentStatus: status);

    public static IResult PreconditionFailed() => OfStatus(StatusCodes.Status412PreconditionFailed);

    public static IResult Unavailable(string code, string detail, TimeSpan retryAfter) =>
        new Problem(StatusCodes.Status503ServiceUnavailable, code, detail, RetryAfter: retryAfter);

    public static IResult TooMany(string code, string detail, TimeSpan retryAfter) =>
        new Problem(StatusCodes.Status429TooManyRequests, code, detail, RetryAfter: retryAfter);

    /// <summary>What a bare status code means, for answers that nobody gave a body.</summary>
    public static Problem OfStatus(int status) => status switch
    {
        401 => new(status, "not-signed-in", "Sign in first: this needs a valid bearer token."),
        403 => new(status, "not-allowed", "Your account may not do this."),
        404 => new(status, "not-found", "There is nothing here, or it is not yours."),
        405 => new(status, "method-not-allowed", "This address does not take that method."),
        406 => new(status, "not-acceptable", "None of the content types asked for can be produced here."),
        408 => new(status, "request-timeout", "The request came too slowly."),
        412 => new(status, "precondition-failed", "It has changed since you read it: read it again."),
        413 => new(status, "body-too-large", "The body is larger than this address takes."),
        415 => new(status, "unsupported-media-type", "This address does not take that content type."),
        429 => new(status, "rate-limited", "Too many requests.", RetryAfter: TimeSpan.FromSeconds(60)),
        503 => new(status, "unavailable", "The service cannot answer right now.", RetryAfter: TimeSpan.FromSeconds(5)),
        >= 500 => new(status, "internal-error", "Something went wrong on our side."),
        _ => new(status, "bad-request", "The request cannot be understood."),
    };
}
