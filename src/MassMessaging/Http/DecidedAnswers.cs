using MassMessaging.Kernel;

namespace MassMessaging.Http;

/// <summary>From a decision to an answer: the one place where refusals become status codes.</summary>
public static class DecidedAnswers
{
    /// <param name="decided">What came of the command.</param>
    /// <param name="done">Answers an accepted decision, also one that changed nothing.</param>
    /// <param name="status">Where the thing stood when it was refused, for the body of a 409.</param>
    public static async Task<IResult> ToHttp(this Decided decided, Func<Task<IResult>> done, string? status = null) =>
        decided.Outcome switch
        {
            Decision.Refused { Code: "not-found" } => Problems.NotFound(),
            Decision.Refused { Code: "precondition-failed" } => Problems.PreconditionFailed(),
            Decision.Refused refused => Problems.Conflict(refused.Code, refused.Detail, status),
            _ => await done(),
        };
}
