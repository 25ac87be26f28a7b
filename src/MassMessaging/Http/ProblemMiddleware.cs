using System.Text.Json;
using System.Text.RegularExpressions;
using MassMessaging.Kernel;
using Npgsql;

namespace MassMessaging.Http;

/// <summary>Turns what endpoints throw into problem details. Details of a fault go to the log, never to the caller.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> log)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception error) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            var problem = Of(error, context);
            if (problem.Status == StatusCodes.Status500InternalServerError)
                log.LogError(error, "{Method} {Route} failed", context.Request.Method, context.GetEndpoint()?.DisplayName);
            context.Response.Clear();
            await problem.ExecuteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
    }

    private static Problem Of(Exception error, HttpContext context) => error switch
    {
        ProblemException refused => refused.Problem,
        BadHttpRequestException bad => OfBinding(bad, context),
        ConcurrencyException when context.Request.Headers.IfMatch.Count > 0 => Problems.OfStatus(StatusCodes.Status412PreconditionFailed),
        ConcurrencyException => new Problem(409, "changed-meanwhile", "Others keep changing it: try again.", RetryAfter: TimeSpan.FromSeconds(1)),
        NpgsqlException { IsTransient: true } => new Problem(
            503, "database-unavailable", "The database cannot be reached right now.", RetryAfter: TimeSpan.FromSeconds(5)),
        _ => Problems.OfStatus(StatusCodes.Status500InternalServerError),
    };

    private static Problem OfBinding(BadHttpRequestException bad, HttpContext context)
    {
        if (bad.InnerException is JsonException) return new Problem(400, "invalid-json", "The body is not JSON of the expected shape.");
        if (bad.StatusCode != StatusCodes.Status400BadRequest) return Problems.OfStatus(bad.StatusCode);
        if (Parameter().Match(bad.Message) is not { Success: true } match) return Problems.OfStatus(bad.StatusCode);

        var name = match.Groups["name"].Value;
        if (context.Request.RouteValues.ContainsKey(name)) return Problems.OfStatus(StatusCodes.Status404NotFound);

        var wrong = new WrongFields();
        wrong.Add(name, "is missing or of the wrong type");
        return wrong.ToProblem();
    }

    /// <summary>ASP.NET Core tells the parameter in the message only.</summary>
    [GeneratedRegex("parameter \"\\S+ (?<name>\\w+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
