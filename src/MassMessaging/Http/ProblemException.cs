namespace MassMessaging.Http;

/// <summary>Ends a request with a problem from where no result can be returned, as in the binding of a parameter.</summary>
public sealed class ProblemException(Problem problem) : Exception(problem.Code)
{
    public ProblemException(int status, string code, string detail, IReadOnlyDictionary<string, string[]>? errors = null)
        : this(new Problem(status, code, detail, errors))
    {
    }

    public Problem Problem { get; } = problem;
}
