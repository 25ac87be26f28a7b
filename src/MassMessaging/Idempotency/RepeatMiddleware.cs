using MassMessaging.Http;
using MassMessaging.Kernel;

namespace MassMessaging.Idempotency;

/// <summary>
/// Runs a POST with an <c>Idempotency-Key</c> once, and gives its answer again to whoever repeats it within 24 hours. A request that has
/// begun is carried to its end even if the caller goes away: that caller will come back for the answer.
/// </summary>
internal sealed class RepeatMiddleware(
    RequestDelegate next, IdempotentRequests requests, TimeProvider clock, ILogger<RepeatMiddleware> log)
{
    /// <summary>Ends before its claim does, so that two runs never overlap.</summary>
    private static readonly TimeSpan LongestRun = IdempotentRequests.Lease - TimeSpan.FromSeconds(5);

    public Task InvokeAsync(HttpContext context)
    {
        var keys = context.Request.Headers[IdempotentRoutes.Header];
        var route = context.GetEndpoint() as RouteEndpoint; // routing's own 405 and 415 are none
        if (keys.Count == 0 || route is null || !IdempotentRoutes.TakesKey(route.Metadata, context.Request.Method) || IsStreamed(context))
            return next(context);

        return keys is [{ Length: >= 1 and <= IdempotentRoutes.LongestKey } key] && key.All(sign => sign is > ' ' and <= '~')
            ? RunOnce(context, key, route.Metadata.GetMetadata<KeysOfVisitors>())
            : throw RepeatProblems.Invalid();
    }

    private static bool IsStreamed(HttpContext context) =>
        context.Request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);

    private async Task RunOnce(HttpContext context, string key, KeysOfVisitors? visitors)
    {
        var caller = visitors is null ? await Caller.BindAsync(context, null!) : await visitors.Whose(context);
        if (caller is null)
        {
            await next(context);
            return;
        }

        using var own = RowScope.Of(caller.ProfileId);
        if (visitors is not null) key = $"visitor {context.Request.Path} {key}"; // with blanks: no signed-in caller's key
        var body = await JsonBody.ReadBytes(context.Request, context.RequestAborted);
        context.Request.Body = new MemoryStream(body);
        var request = RunningRequest.Of(caller, key, context.Request, body);
        switch (await requests.Claim(request, context.RequestAborted))
        {
            case null: await Run(context, request, body); break;
            case { IsSame: false }: throw RepeatProblems.Reused();
            case { IsRunning: true }: throw RepeatProblems.InProgress();
            case { Answer: { } answer }:
                context.Response.Headers[IdempotentRoutes.Replayed] = "true";
                await answer.Give(context.Response, context.RequestAborted);
                break;
            default: throw RepeatProblems.AnswerNotKept();
        }
    }

    private async Task Run(HttpContext context, RunningRequest request, byte[] body)
    {
        var (given, callerGone) = (context.Response.Body, context.RequestAborted);
        using var written = new MemoryStream();
        using var tooLong = new CancellationTokenSource(LongestRun, clock);
        context.Response.Body = written;
        context.RequestAborted = tooLong.Token;
        context.Features.Set(request);
        var isAnswered = false;
        try
        {
            await next(context);
            isAnswered = true;
        }
        finally
        {
            context.Features.Set<RunningRequest>(null);
            context.Response.Body = given;
            context.RequestAborted = callerGone;
            var answer = isAnswered ? KeptAnswer.Of(context.Response, written.ToArray()) : null;
            await Remember(request, answer, RunningRequest.Mentions(context.Request, body, written.ToArray()));
        }

        if (tooLong.IsCancellationRequested && context.Response.StatusCode == StatusCodes.Status499ClientClosedRequest)
            throw new ProblemException(Problems.OfStatus(StatusCodes.Status503ServiceUnavailable));
        written.Position = 0;
        await written.CopyToAsync(given, callerGone);
    }

    /// <summary>The answer is given in any case: what cannot be kept was done all the same.</summary>
    private async Task Remember(RunningRequest request, KeptAnswer? answer, Guid[]? mentions)
    {
        try
        {
            if (answer is not null || request.IsDone) await requests.Keep(request, answer, mentions, CancellationToken.None);
            else await requests.Release(request, CancellationToken.None);
        }
        catch (Exception failed)
        {
            log.LogWarning("The answer of a request with an idempotency key was not kept: {Error}", failed.GetType().Name);
        }
    }
}
