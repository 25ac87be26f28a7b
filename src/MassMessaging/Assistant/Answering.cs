using MassMessaging.Assistant.Writing;
using MassMessaging.Http;

namespace MassMessaging.Assistant;

/// <summary>A piece of a message while it is written: <paramref name="Text"/> comes behind what was shown of that variation.</summary>
/// <param name="Attempt">From 1; a higher one writes anew what the checks refused.</param>
/// <param name="Variation">From 0, within the attempt.</param>
public sealed record DraftPiece(int Attempt, int Variation, string Text);

/// <summary>
/// Answers once everything is checked; to who accepts <c>text/event-stream</c> it shows the drafts as they are written (<c>draft</c>), which
/// may still be refused, and ends with the checked answer (<c>result</c>) or with the problem (<c>problem</c>).
/// </summary>
public sealed class Answering(Writer writer, AssistantOptions options, IHostApplicationLifetime lifetime, ILogger<Answering> log)
{
    public const string Stream = "text/event-stream";

    /// <summary>Of every route that asks the model.</summary>
    public static string[] Codes(params string[] own) =>
        [.. own, "assistant-not-configured", "assistant-budget", "assistant-refused", "assistant-unavailable"];

    /// <exception cref="ProblemException">503 <c>assistant-not-configured</c>.</exception>
    public void MustBeConfigured()
    {
        if (!options.IsConfigured)
            throw new ProblemException(new Problem(
                503, "assistant-not-configured", "The service has no key for a language model: whoever runs it sets OPENAI_API_KEY.",
                RetryAfter: TimeSpan.FromHours(1)));
    }

    public async Task<IResult> Answer<T>(HttpContext context, Commission commission, Func<Written, T> answer)
    {
        var isStream = context.Request.Headers.Accept.ToString().Contains(Stream, StringComparison.OrdinalIgnoreCase);
        return isStream
            ? new EventStream((reader, ct) => Show(reader, commission, answer, ct), lifetime.ApplicationStopping)
            : TypedResults.Ok(answer(await writer.Write(commission, show: null, context.RequestAborted)));
    }

    private async Task Show<T>(EventStream.Reader reader, Commission commission, Func<Written, T> answer, CancellationToken ct)
    {
        var number = 0;
        Task Event<TData>(string name, TData data) => reader.Event(name, $"{++number}", data);
        await reader.Comment("the assistant writes");
        try
        {
            var written = await writer.Write(
                commission, (attempt, variation, text) => Event("draft", new DraftPiece(attempt, variation, text)), ct);
            await Event("result", answer(written));
        }
        catch (ProblemException refused)
        {
            await Event("problem", refused.Problem.ToBody());
        }
        catch (Exception error) when (!ct.IsCancellationRequested)
        {
            log.LogError(error, "The assistant failed while it streamed");
            await Event("problem", Problems.OfStatus(StatusCodes.Status500InternalServerError).ToBody());
        }
    }
}
