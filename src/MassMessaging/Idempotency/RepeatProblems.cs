using MassMessaging.Http;

namespace MassMessaging.Idempotency;

internal static class RepeatProblems
{
    private static readonly TimeSpan AskAgainIn = TimeSpan.FromSeconds(1);

    public static ProblemException Invalid() => new(
        400, "idempotency-key-invalid",
        $"{IdempotentRoutes.Header} must be given once, as 1 to {IdempotentRoutes.LongestKey} visible ASCII characters.");

    public static ProblemException Reused() => new(
        409, "idempotency-key-reused", "This key was used for another request: take a new key for a new request.");

    public static ProblemException InProgress() => new(new Problem(
        409, "idempotency-in-progress", "The request with this key is still running: ask again.", RetryAfter: AskAgainIn));

    public static ProblemException AnswerNotKept() => new(
        409, "idempotency-answer-not-kept",
        "The request with this key was carried out and is not repeated, but its answer is not kept: read what it made or changed.");
}
