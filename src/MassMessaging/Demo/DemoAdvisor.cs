using System.Net.Http.Headers;
using System.Text.Json;
using MassMessaging.Http;

namespace MassMessaging.Demo;

/// <summary>
/// Someone to try the service as: an account, a profile, the sample clients, and a linked number. All of it goes through the service's own
/// API, as a newcomer would do it, and is done once; only the number is linked again at each start, as the simulator forgets.
/// </summary>
internal sealed class DemoAdvisor(HttpClient api)
{
    public const string Email = "demo@massmessaging.local";
    public const string Password = "Demo-advisor-1";

    private const string Profile = """
        {"displayName":"Ana Torres","businessName":"Bienestar Torres","phone":"55 1234 5678","slug":"ana-torres"}
        """;

    // What docs/api.md recommends, without the two rules that would keep a newcomer from seeing one plain text go out at any hour: quiet
    // hours and the share of similar texts. The ramp of a number that has been in use for months has ended.
    private const string Pacing = """
        {"messages":50,"perSeconds":60,"spread":true,"jitter":0.2,"dailyCap":1000,
         "warmUp":{"numberSince":"2020-01-15T00:00:00Z","firstDay":20,"growth":1.5,"ceiling":1000},
         "frequencyCap":{"messages":4,"perDays":7},"canary":{"first":10,"waitSeconds":30,"maxFailedRatio":0.5},
         "breaker":{"minSample":20,"failedRatio":0.5,"coolDownSeconds":300},"replyLane":true}
        """;

    /// <summary>Answers how many clients the advisor has.</summary>
    public async Task<int> Prepare(CancellationToken ct)
    {
        await SignIn(ct);
        var clients = await CountClients(ct);
        if (clients == 0)
        {
            using var profile = await api.PutAsync("api/profile", Json(Profile), ct);
            profile.EnsureSuccessStatusCode();
            using var pacing = await api.PutAsync("api/whatsapp/pacing", Json(Pacing), ct);
            pacing.EnsureSuccessStatusCode();
            clients = await Import(ct);
        }

        using var connected = await api.PostAsync("api/whatsapp/connect", content: null, ct);
        connected.EnsureSuccessStatusCode();
        return clients;
    }

    private async Task SignIn(CancellationToken ct)
    {
        var account = new { email = Email, password = Password };
        using var registered = await api.PostAsJsonAsync("api/auth/register", account, ct); // refused from the second start on
        using var signedIn = await api.PostAsJsonAsync("api/auth/login", account, ct);
        signedIn.EnsureSuccessStatusCode();
        var tokens = await signedIn.Content.ReadFromJsonAsync<JsonElement>(ct);
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.GetProperty("accessToken").GetString());
    }

    private async Task<int> CountClients(CancellationToken ct)
    {
        using var answer = await api.GetAsync("api/clients?limit=1", ct);
        answer.EnsureSuccessStatusCode();
        return int.Parse(answer.Headers.GetValues("X-Total-Count").Single(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<int> Import(CancellationToken ct)
    {
        using var file = new StreamContent(SampleClients.Open());
        file.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        using var imported = await api.PostAsync("api/clients/import", file, ct);
        imported.EnsureSuccessStatusCode();
        return (await imported.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("created").GetInt32();
    }

    private static StringContent Json(string body) => new(body, System.Text.Encoding.UTF8, "application/json");
}

/// <summary>Makes the service worth a look as soon as it is up, where everything under it is its own.</summary>
internal static class Showroom
{
    public static async Task OpenShowroom(this WebApplication app, Surroundings surroundings)
    {
        if (!surroundings.IsDemo) return;

        var ct = app.Lifetime.ApplicationStopping;
        var address = app.Services.GetRequiredService<PublicUrl>().Own;
        using var api = new HttpClient { BaseAddress = address };
        try
        {
            var clients = await new DemoAdvisor(api).Prepare(ct);
            Console.WriteLine(Welcome.Text(address, surroundings, clients));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Stopped while it was being prepared: the next start goes on.
        }
        catch (HttpRequestException failed)
        {
            app.Logger.LogWarning(failed, "The demo advisor could not be prepared; the service itself runs");
        }
    }
}
