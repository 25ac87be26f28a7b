using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using MassMessaging.Tests.Crash;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Chaos;

/// <summary>
/// A client as it should be: what got no answer, or was told to come back, is asked again, a POST under the same key. Every answer is held
/// to the OpenAPI document, also in the middle of a fault.
/// </summary>
/// <param name="wrong">What was answered that no document knows.</param>
internal sealed class InsistentHandler(HttpMessageHandler inner, ConcurrentQueue<string> wrong, Func<Uri> document) : DelegatingHandler(inner)
{
    /// <summary>On an answer: how often it was asked for.</summary>
    public const string Tries = "X-Tries";

    private const int MostTries = 2_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    /// <summary>Whoever died with a key in its hands holds it for its lease; the client goes on without an answer by then.</summary>
    private const int MostTriesInProgress = 40;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Post) request.Headers.TryAddWithoutValidation("Idempotency-Key", Guid.NewGuid().ToString());
        if (request.Content is { } content) await content.LoadIntoBufferAsync(cancellationToken);
        for (int tries = 1, inProgress = 0; ; tries++)
        {
            var answer = await Try(request, cancellationToken);
            var code = answer is null ? null : await Judged(request, answer);
            if (code == "idempotency-in-progress") inProgress++;
            var isOver = answer is not null && answer.StatusCode != HttpStatusCode.ServiceUnavailable && code != "changed-meanwhile"
                && (code != "idempotency-in-progress" || inProgress > MostTriesInProgress);
            if (isOver)
            {
                answer!.Headers.TryAddWithoutValidation(Tries, $"{tries}");
                return answer;
            }

            Assert.True(tries < MostTries, $"Nobody answers {request.Method} {request.RequestUri!.AbsolutePath}: {answer?.StatusCode} {code}");
            await Cluster.Passes(Pause);
        }
    }

    /// <summary>Null: no answer, or not to its end.</summary>
    private async Task<HttpResponseMessage?> Try(HttpRequestMessage request, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(Patience);
        try
        {
            var answer = await base.SendAsync(request, patience.Token);
            await answer.Content.LoadIntoBufferAsync(patience.Token);
            return answer;
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The code of a problem.</summary>
    private async Task<string?> Judged(HttpRequestMessage request, HttpResponseMessage answer)
    {
        var mediaType = answer.Content.Headers.ContentType?.MediaType;
        var isProblem = mediaType == "application/problem+json";
        var json = isProblem || mediaType == "application/json" ? JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync()) : (JsonElement?)null;
        var contract = await ContractHandler.Contract(document());
        if (contract.Judge(request.Method.Method, request.RequestUri!.AbsolutePath, (int)answer.StatusCode, mediaType, json) is { } judged) wrong.Enqueue(judged);
        if (answer.StatusCode >= HttpStatusCode.InternalServerError && (answer.StatusCode != HttpStatusCode.ServiceUnavailable || answer.Headers.RetryAfter is null))
            wrong.Enqueue($"{request.Method} {request.RequestUri.AbsolutePath}: {(int)answer.StatusCode} {json}");
        if ((int)answer.StatusCode >= 400 && !isProblem) wrong.Enqueue($"{request.RequestUri.AbsolutePath}: {(int)answer.StatusCode} is no problem");
        return isProblem ? json!.Value.GetProperty("code").GetString() : null;
    }
}
