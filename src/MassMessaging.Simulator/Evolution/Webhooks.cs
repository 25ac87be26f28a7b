using System.Net.Http.Headers;
using System.Text.Json;

namespace MassMessaging.Simulator.Evolution;

/// <summary>
/// Events as POSTs to the instance's url: one per event, each with its own retries, unordered, at least once.
/// Retries live in memory and keep the url that they started with.
/// </summary>
public sealed class Webhooks : IDisposable
{
    // The real gateway has no limit; a process without one runs out of ports before its receiver does.
    private const int MostAtOnce = 512;

    private readonly RetryOptions options;
    private readonly TimeProvider clock;
    private readonly Outstanding outstanding;
    private readonly CancellationToken stopping;
    private readonly SemaphoreSlim slots = new(MostAtOnce);
    private readonly HttpClient http;
    private long delivered;
    private long retried;
    private long dropped;

    public Webhooks(RetryOptions options, TimeProvider clock, Outstanding outstanding, CancellationToken stopping)
    {
        (this.options, this.clock, this.outstanding, this.stopping) = (options, clock, outstanding, stopping);
        http = new HttpClient(new SocketsHttpHandler { MaxAutomaticRedirections = 21, UseCookies = false, UseProxy = false })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("axios/1.12.2");
    }

    /// <summary>The gateway's own address, as events name it.</summary>
    public string ServerUrl { get; set; } = "";

    public (long Delivered, long Retried, long Dropped) Counts =>
        (Interlocked.Read(ref delivered), Interlocked.Read(ref retried), Interlocked.Read(ref dropped));

    /// <summary>Of one attempt elsewhere, for <see cref="Counts"/>.</summary>
    internal void Count(bool isTaken, bool willRetry) =>
        Interlocked.Increment(ref isTaken ? ref delivered : ref willRetry ? ref retried : ref dropped);

    public static bool Wants(Instance instance, WebhookEvent @event) =>
        instance.Webhook is { Enabled: true } webhook && webhook.Events.Contains(@event.Subscription);

    public void Post(Instance instance, WebhookEvent @event, Action<Utf8JsonWriter> data)
    {
        if (Wants(instance, @event)) _ = Send(instance, @event, data);
    }

    /// <summary>Completes once the event is delivered or given up.</summary>
    public Task Send(Instance instance, WebhookEvent @event, Action<Utf8JsonWriter> data)
    {
        if (!Wants(instance, @event) || instance.Webhook is not { } webhook || Target(webhook, @event) is not { } url)
            return Task.CompletedTask;

        var body = Envelope(instance, webhook, @event, data);
        outstanding.Enter();
        return Deliver(url, webhook, body);
    }

    public void Dispose()
    {
        http.Dispose();
        slots.Dispose();
    }

    private byte[] Envelope(Instance instance, WebhookSettings webhook, WebhookEvent @event, Action<Utf8JsonWriter> data) =>
        JsonText.Of(json =>
    {
        json.WriteStartObject();
        json.WriteString("event", @event.Name);
        json.WriteString("instance", instance.Name);
        json.WritePropertyName("data");
        data(json);
        json.WriteString("destination", webhook.Url);
        json.WriteString("date_time", JsonText.Iso(clock.GetUtcNow()));
        if (instance.OwnJid is { } sender) json.WriteString("sender", sender);
        json.WriteString("server_url", ServerUrl);
        json.WriteNull("apikey");
        json.WriteEndObject();
    });

    /// <summary>The real gateway adds the event's path by plain concatenation, whatever the url looks like.</summary>
    private static Uri? Target(WebhookSettings webhook, WebhookEvent @event) =>
        (webhook.Url.StartsWith("http://", StringComparison.Ordinal) || webhook.Url.StartsWith("https://", StringComparison.Ordinal))
        && Uri.TryCreate(webhook.ByEvents ? $"{webhook.Url}/{@event.Path}" : webhook.Url, UriKind.Absolute, out var url)
            ? url
            : null;

    private async Task Deliver(Uri url, WebhookSettings webhook, byte[] body)
    {
        try
        {
            var token = webhook.Headers.TryGetValue("jwt_key", out var key) ? Jwt.For(key, clock.GetUtcNow()) : null;
            for (var attempt = 1; ; attempt++)
            {
                var status = await Try(url, webhook, token, body);
                if (status is >= 200 and < 300)
                {
                    Interlocked.Increment(ref delivered);
                    return;
                }

                if (attempt >= options.MaxAttempts || status is 400 or 401 or 403 or 404 or 422)
                {
                    Interlocked.Increment(ref dropped);
                    return;
                }

                Interlocked.Increment(ref retried);
                await Task.Delay(Wait(options, attempt, Random.Shared.NextDouble()), clock, stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway is stopping: what was not delivered is lost, as in the real one.
        }
        finally
        {
            outstanding.Leave();
        }
    }

    /// <summary>5, 10, 20 … 300 s ± 20 %, never below the first.</summary>
    internal static TimeSpan Wait(RetryOptions options, int attempt, double chance)
    {
        var seconds = Math.Min(options.MaxDelay.TotalSeconds, options.InitialDelay.TotalSeconds * Math.Pow(2, attempt - 1));
        var jittered = seconds * (1 + (options.Jitter * ((2 * chance) - 1)));
        return TimeSpan.FromSeconds(Math.Max(options.InitialDelay.TotalSeconds, jittered) * options.Scale);
    }

    /// <returns>The HTTP status; 0 for a network error or a timeout.</returns>
    private async Task<int> Try(Uri url, WebhookSettings webhook, string? token, byte[] body)
    {
        await slots.WaitAsync(stopping);
        try
        {
            using var timeout = new CancellationTokenSource(options.Timeout, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            foreach (var (name, value) in webhook.Headers)
            {
                if (name != "jwt_key") request.Headers.TryAddWithoutValidation(name, value);
            }

            if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var response = await http.SendAsync(request, either.Token);
            return (int)response.StatusCode;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return 0;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
        finally
        {
            slots.Release();
        }
    }
}
