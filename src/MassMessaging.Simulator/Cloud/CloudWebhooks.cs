using System.Buffers;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using MassMessaging.Simulator.Evolution;

namespace MassMessaging.Simulator.Cloud;

/// <summary>
/// Updates as signed POSTs to the account's callback: at least once, unordered, retried on anything but 200, one by one or in batches
/// of entries, changes and statuses.
/// </summary>
internal sealed class CloudWebhooks(CloudPlatform cloud, Outstanding outstanding) : IDisposable
{
    private const int MostAtOnce = 512;

    // As Meta writes it: what is not ASCII is escaped, so a signature over re-written JSON would be wrong.
    private static readonly JsonWriterOptions Escaped = new() { Encoder = JavaScriptEncoder.Default, SkipValidation = true };

    private readonly Lock gate = new();
    private readonly Dictionary<CloudAccount, List<CloudUpdate>> waiting = [];
    private readonly SemaphoreSlim slots = new(MostAtOnce);
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private Gateway Gateway => cloud.Gateway;

    /// <param name="number">Null: the item is the whole value of a field of the account.</param>
    /// <param name="kind">`statuses`, `messages`, or the name of another field.</param>
    public void Post(CloudAccount account, CloudNumber? number, string kind, Action<Utf8JsonWriter> item)
    {
        if (account.Callback is null) return;

        var update = new CloudUpdate(account, number, kind, Written(item));
        if (cloud.Options.Batch == TimeSpan.Zero)
        {
            Send(account, [update]);
            return;
        }

        lock (gate)
        {
            if (waiting.TryGetValue(account, out var batch))
            {
                batch.Add(update);
                return;
            }

            waiting[account] = [update];
        }

        Gateway.Agenda.In(cloud.Options.Batch, () => Flush(account));
    }

    /// <returns>What went wrong; null when the callback answered the challenge.</returns>
    public async Task<string?> Handshake(string callback, string verifyToken)
    {
        var challenge = CloudPlatform.Digits(10);
        var query = $"hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={Uri.EscapeDataString(verifyToken)}";
        try
        {
            using var answer = await http.GetAsync(new Uri($"{callback}?{query}"), Gateway.Stopping);
            var text = await answer.Content.ReadAsStringAsync(Gateway.Stopping);
            return (int)answer.StatusCode != 200 ? $"HTTP Status Code = {(int)answer.StatusCode}"
                : text != challenge ? "the challenge was not echoed" : null;
        }
        catch (Exception fault) when (fault is HttpRequestException or UriFormatException)
        {
            return "the callback cannot be reached";
        }
    }

    public void Dispose()
    {
        http.Dispose();
        slots.Dispose();
    }

    private static byte[] Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Escaped)) write(json);
        return buffer.WrittenSpan.ToArray();
    }

    private void Flush(CloudAccount account)
    {
        lock (gate)
        {
            if (waiting.Remove(account, out var batch)) Send(account, batch);
        }
    }

    private void Send(CloudAccount account, IReadOnlyList<CloudUpdate> updates)
    {
        if (account.Callback is not { } callback || !Uri.TryCreate(callback, UriKind.Absolute, out var url)) return;

        var body = Written(json => CloudUpdate.WriteAll(json, account, updates, Gateway.Now.ToUnixTimeSeconds()));
        var signature = $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(account.AppSecret), body))}";
        outstanding.Enter();
        _ = Deliver(url, signature, body);
    }

    private async Task Deliver(Uri url, string signature, byte[] body)
    {
        var retries = Gateway.Options.Retries;
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var isTaken = await Try(url, signature, body) == 200;
                Gateway.Webhooks.Count(isTaken, willRetry: attempt < retries.MaxAttempts);
                if (isTaken || attempt >= retries.MaxAttempts) return;

                await Task.Delay(Webhooks.Wait(retries, attempt, Random.Shared.NextDouble()), Gateway.Clock, Gateway.Stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // The simulator is stopping: what was not delivered is lost.
        }
        finally
        {
            outstanding.Leave();
        }
    }

    private async Task<int> Try(Uri url, string signature, byte[] body)
    {
        await slots.WaitAsync(Gateway.Stopping);
        try
        {
            using var timeout = new CancellationTokenSource(Gateway.Options.Retries.Timeout, Gateway.Clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, Gateway.Stopping);
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", signature);
            using var response = await http.SendAsync(request, either.Token);
            return (int)response.StatusCode;
        }
        catch (OperationCanceledException) when (!Gateway.Stopping.IsCancellationRequested)
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

/// <summary>One item of a notification.</summary>
internal sealed record CloudUpdate(CloudAccount Account, CloudNumber? Number, string Kind, byte[] Item)
{
    /// <summary>Of many, the later half stands in a second entry: receivers must look at all three levels.</summary>
    public static void WriteAll(Utf8JsonWriter json, CloudAccount account, IReadOnlyList<CloudUpdate> updates, long seconds)
    {
        json.WriteStartObject();
        json.WriteString("object", "whatsapp_business_account");
        json.WriteStartArray("entry");
        foreach (var half in updates.Chunk(Math.Max(1, (updates.Count + 1) / 2)))
        {
            json.WriteStartObject();
            json.WriteString("id", account.Id);
            json.WriteNumber("time", seconds);
            json.WriteStartArray("changes");
            foreach (var change in half.GroupBy(update => (update.Kind, update.Number))) WriteChange(json, change.Key.Kind, change.Key.Number, [.. change]);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteChange(Utf8JsonWriter json, string kind, CloudNumber? number, IReadOnlyList<CloudUpdate> updates)
    {
        if (number is null)
        {
            foreach (var update in updates)
            {
                json.WriteStartObject();
                json.WritePropertyName("value");
                json.WriteRawValue(update.Item);
                json.WriteString("field", kind);
                json.WriteEndObject();
            }

            return;
        }

        json.WriteStartObject();
        json.WriteStartObject("value");
        json.WriteString("messaging_product", "whatsapp");
        json.WriteStartObject("metadata");
        json.WriteString("display_phone_number", number.Phone);
        json.WriteString("phone_number_id", number.Id);
        json.WriteEndObject();
        json.WriteStartArray(kind);
        foreach (var update in updates) json.WriteRawValue(update.Item);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteString("field", kind is "statuses" ? "messages" : kind);
        json.WriteEndObject();
    }
}
