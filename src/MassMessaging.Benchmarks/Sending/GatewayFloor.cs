using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;

namespace MassMessaging.Benchmarks.Sending;

/// <summary>The gateway's part alone: the service's kind of client, the same request and answer, in a loop without a database.</summary>
public static class GatewayFloor
{
    private const int AtOnce = 64;

    /// <summary>Calls per second.</summary>
    public static async Task<double> Measure(Uri gateway, TimeSpan span)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false });
        var (calls, began) = (0L, Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(lane => Task.Run(async () =>
        {
            var url = new Uri(gateway, $"message/sendText/lane-{lane}");
            while (Stopwatch.GetElapsedTime(began) < span)
            {
                await Call(http, url);
                Interlocked.Increment(ref calls);
            }
        })));
        return calls / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    private static async Task Call(HttpClient http, Uri url)
    {
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(
            new { number = "5215512345678", text = "Hola María García, soy Ana López.", linkPreview = false }));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
        request.Headers.TryAddWithoutValidation("apikey", "benchmark");
        using var response = await http.SendAsync(request);
        using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        _ = answer.RootElement.GetProperty("key").GetProperty("id").GetString();
    }
}
