using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using MassMessaging.Simulator;
using MassMessaging.Tests.Campaigns;
using MassMessaging.Tests.Harness;

namespace MassMessaging.Tests.Proof;

/// <summary>A campaign as it was declared; its texts begin with its mark.</summary>
internal sealed record DeclaredCampaign(Guid Id, string Mark, IReadOnlyList<string> Audience, FirstOnes? Canary)
{
    public bool Is(Arrival send) => send.Text.StartsWith(Mark, StringComparison.Ordinal);

    public string Path => $"/api/campaigns/{Id}";
}

/// <summary>An advisor with a number: what was declared, in the order of declaring.</summary>
/// <param name="refreshToken">Used for each act: hours pass between them.</param>
/// <param name="numbers">By client.</param>
internal sealed class SimulatedLane(
    Advisor advisor, string refreshToken, string instance, IReadOnlyDictionary<Guid, string> numbers, Ledger ledger)
{
    private FirstOnes? canary;
    private string refresh = refreshToken;

    public string Instance => instance;

    public Advisor Advisor => advisor;

    public IReadOnlyDictionary<Guid, string> Numbers => numbers;

    public LaneRules Rules { get; } = new();

    public FirstOnes? Canary => canary;

    public List<DeclaredCampaign> Campaigns { get; } = [];

    /// <summary>How the rate is spread; of no promise.</summary>
    public object Spread { get; init; } = new { };

    /// <summary>Connects the advisor's number and gives the advisor these clients.</summary>
    public static async Task<SimulatedLane> Of(Advisor advisor, string refreshToken, IReadOnlyList<string> numbers, Ledger ledger, object spread)
    {
        (await advisor.Post("/api/whatsapp/connect")).Is(HttpStatusCode.OK);
        using var csv = new StringContent(
            "nombre,telefono\n" + string.Concat(numbers.Select((number, place) => $"Persona {place},+{number}\n")), Encoding.UTF8, "text/csv");
        (await advisor.Http.PostAsync("/api/clients/import", csv)).EnsureSuccessStatusCode();
        var clients = (await advisor.Get("/api/clients?limit=5000")).Body.EnumerateArray()
            .ToDictionary(client => client.GetProperty("id").GetGuid(), client => client.GetProperty("phone").GetString()!.TrimStart('+'));
        var instance = (await advisor.Get("/api/whatsapp/config"))["instance"].GetString()!;
        return new SimulatedLane(advisor, refreshToken, instance, clients, ledger) { Spread = spread };
    }

    /// <returns>The token to sign in with again, within two weeks.</returns>
    public static async Task<string> SignIn(HttpClient http, string route, object proof)
    {
        var signedIn = await (await http.PostAsJsonAsync($"/api/auth/{route}", proof)).Json();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", signedIn.GetProperty("accessToken").GetString());
        return signedIn.GetProperty("refreshToken").GetString()!;
    }

    /// <summary>Again: the last token may be over.</summary>
    public async Task SignIn() => refresh = await SignIn(advisor.Http, "refresh", new { refreshToken = refresh });

    public async Task Declare(LaneRule rule, FirstOnes? first = null)
    {
        await SignIn();
        var asked = ledger.Micros;
        (await advisor.Put("/api/profile", new { timeZone = rule.Zone, identification = new { enabled = false } })).Is(HttpStatusCode.OK);
        (await advisor.Put("/api/whatsapp/pacing", Body(rule, first))).Is(HttpStatusCode.OK);
        Rules.Declare(asked, ledger.Micros, rule);
        canary = first;
    }

    public Task Spreads() => advisor.Put("/api/whatsapp/pacing", Spread);

    public async Task Launch()
    {
        await SignIn();
        var mark = string.Create(CultureInfo.InvariantCulture, $"{Campaigns.Count}:");
        var id = await advisor.HasDraft(new { all = true }, messageContent: $"{mark} Hola {{nombre_cliente}}");
        var campaign = new DeclaredCampaign(id, mark, [.. numbers.Values], canary);
        var sent = await advisor.Post($"{campaign.Path}/send");
        if (sent.Status == HttpStatusCode.Conflict) return; // everybody has had as much as the cap per client allows
        sent.Is(HttpStatusCode.Accepted);
        Campaigns.Add(campaign);
    }

    /// <summary>Whatever the campaign answers: it may have ended by then.</summary>
    public async Task Ask(DeclaredCampaign campaign, string act)
    {
        await SignIn();
        await advisor.Post($"{campaign.Path}/{act}");
    }

    /// <summary>By status; <c>excluded</c> by the launch, for a rule declared before it.</summary>
    public async Task<ILookup<string, string>> Members(DeclaredCampaign campaign)
    {
        await SignIn();
        var members = (await advisor.Get($"{campaign.Path}/audience?limit=5000")).Body.EnumerateArray()
            .Select(row => (Status: row.GetProperty("status").GetString()!, Client: row.GetProperty("clientId").GetGuid()));
        var excluded = (await advisor.Get($"{campaign.Path}/excluded?limit=5000")).Body.EnumerateArray()
            .Select(row => (Status: "excluded", Client: row.GetProperty("clientId").GetGuid()));
        return members.Concat(excluded).ToLookup(one => one.Status, one => numbers[one.Client]);
    }

    private static object Body(LaneRule rule, FirstOnes? first) => new
    {
        messages = rule.Messages, perSeconds = (int)rule.Window.TotalSeconds, dailyCap = rule.DailyCap, breaker = (object?)null,
        warmUp = rule.Ramp is { } ramp ? new { numberSince = ramp.Since, firstDay = ramp.FirstDay, growth = ramp.Growth, ceiling = ramp.Ceiling } : null,
        quietHours = rule.Peace is { } peace
            ? new { from = Hour(peace.From), to = Hour(peace.To), days = peace.Days.Select(day => day.ToString()[..3].ToLowerInvariant()).ToArray() }
            : null,
        frequencyCap = rule.PerClient is { } cap ? new { messages = cap.Messages, perDays = (int)cap.Per.TotalDays } : null,
        canary = first is { } one ? new { first = one.First, waitSeconds = (int)one.Wait.TotalSeconds, maxFailedRatio = 1 } : null,
    };

    private static string Hour(int hour) => $"{hour:00}:00";
}
