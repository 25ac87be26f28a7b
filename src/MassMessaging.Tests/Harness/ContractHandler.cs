using System.Text.Json;
using MassMessaging.Tests.OpenApi;

namespace MassMessaging.Tests.Harness;

/// <summary>Every answer that a spec gets is held to the OpenAPI document, and fails the spec when it is not as that says.</summary>
internal sealed class ContractHandler : DelegatingHandler
{
    private static readonly SemaphoreSlim OneReads = new(1);
    private static Contract? contract;

    public ContractHandler() : base(new SocketsHttpHandler())
    {
    }

    /// <summary>Of this build: the same for every app of the run.</summary>
    public static async Task<Contract> Contract(Uri service)
    {
        await OneReads.WaitAsync();
        try
        {
            if (contract is not null) return contract;

            using var reader = new HttpClient();
            return contract = new Contract(JsonElement.Parse(await reader.GetStringAsync(new Uri(service, "/openapi/v1.json"))));
        }
        finally
        {
            OneReads.Release();
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var answer = await base.SendAsync(request, cancellationToken);
        if (request.RequestUri is not { AbsolutePath: var path } uri || path == "/openapi/v1.json") return answer;

        var mediaType = answer.Content.Headers.ContentType?.MediaType;
        var json = mediaType is "application/json" or "application/problem+json" ? await Read(answer, cancellationToken) : (JsonElement?)null;
        var wrong = (await Contract(uri)).Judge(request.Method.Method, path, (int)answer.StatusCode, mediaType, json);
        Assert.True(wrong is null, wrong);
        return answer;
    }

    private static async Task<JsonElement> Read(HttpResponseMessage answer, CancellationToken ct)
    {
        await answer.Content.LoadIntoBufferAsync(ct);
        return JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(ct));
    }
}
